// The phase of a report in words, and times as everybody reads them: in the own zone and in UTC. Pure.
import type { Report } from '../connection';
import { moment, w } from '../ui/words';

/** Closed for good: nobody writes or decides on sections any more. */
export function isClosedPhase(report: Pick<Report, 'phaseName'> | null | undefined): boolean {
  return report?.phaseName === 'editorial_window' || report?.phaseName === 'final' || report?.phaseName === 'transmitted';
}

/** In the reader's language; a phase that this page does not know as the server says it. */
export function phaseWords(report: Pick<Report, 'phase' | 'phaseName'>): string {
  const known: Readonly<Record<string, string>> = w.closing.phases;
  return known[report.phaseName] ?? report.phase;
}

export function inBothZones(iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  const utc = new Intl.DateTimeFormat(w.locale, { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' }).format(date);
  return moment(iso) === utc ? `${utc} UTC` : `${moment(iso)} (${utc} UTC)`;
}

/** What is left until a time, in the largest unit that is not zero; '' when it is over. */
export function timeLeft(iso: string, now = Date.now()): string {
  const minutes = Math.ceil((Date.parse(iso) - now) / 60_000);
  if (!(minutes > 0)) return '';
  if (minutes < 60) return w.closing.minutes(minutes);
  const hours = Math.ceil(minutes / 60);
  return hours < 48 ? w.closing.hours(hours) : w.closing.days(Math.ceil(hours / 24));
}
