// How a section's status looks: a mark and a word, never colour alone. Pure functions over what the server says.
import type { Section, Status } from '../connection';

export type Tone = 'draft' | 'brackets' | 'agreed' | 'changed' | 'withdrawn';

export interface StatusSign {
  readonly mark: string;
  /** "Agreed": set in strong type. */
  readonly name: string;
  /** " 17 June 2005 22:14 UTC": what follows. */
  readonly rest: string;
  readonly tone: Tone;
}

export function toneOf(status: Status): Tone {
  if (isChangedSince(status)) return 'changed';
  switch (status.name) {
    case 'Agreed':
    case 'Rough consensus':
    case 'Presented as alternatives':
      return status.reopened ? 'changed' : 'agreed';
    case 'Withdrawn':
      return 'withdrawn';
    case 'In brackets':
      return 'brackets';
    default:
      return 'draft';
  }
}

/** A decision was about other words than the present ones. Brackets stay true of any words. */
export function isChangedSince(status: Status): boolean {
  return !status.fresh && status.name !== 'Draft' && status.name !== 'In brackets';
}

export function statusSign(status: Status): StatusSign {
  const line = status.line === '' ? status.name : status.line;
  const rest = line.startsWith(status.name) ? line.slice(status.name.length) : `. ${line}`;
  return { mark: status.mark, name: status.name, rest, tone: toneOf(status) };
}

/** Sections a chair still has to bring to an end, in reading order; those left for later come last. */
export function unsettled(sections: readonly Section[], later: readonly string[]): readonly Section[] {
  const open = sections.filter((s) => !s.status.settled && s.status.name !== 'Withdrawn');
  const isLater = (s: Section): boolean => later.includes(s.id);
  return [
    ...open.filter((s) => !isLater(s)),
    ...later.flatMap((id) => open.filter((s) => s.id === id)),
  ];
}

/** The next unsettled section after one, going round; null when none is left. */
export function nextUnsettled(sections: readonly Section[], later: readonly string[], current: string | null): Section | null {
  const list = unsettled(sections, later);
  const order = new Map(sections.map((s, index) => [s.id, index]));
  const here = current === null ? -1 : (order.get(current) ?? -1);
  const fresh = list.filter((s) => !later.includes(s.id));
  const after = fresh.find((s) => (order.get(s.id) ?? 0) > here);
  const first = fresh.find((s) => s.id !== current);
  return after ?? first ?? list.find((s) => s.id !== current) ?? null;
}

export interface RoomCounts {
  readonly left: number;
  readonly inBrackets: number;
}

export function roomCounts(sections: readonly Section[]): RoomCounts {
  const open = unsettled(sections, []);
  return { left: open.length, inBrackets: open.filter((s) => s.status.name === 'In brackets').length };
}

/** Consecutive sections with the same disclaimer say it once. */
export function disclaimerToShow(sections: readonly Section[], index: number): string | null {
  const text = sections[index]?.disclaimer ?? null;
  return text !== null && index > 0 && sections[index - 1]?.disclaimer === text ? null : text;
}
