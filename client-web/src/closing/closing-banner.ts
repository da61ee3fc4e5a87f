// The line under a report's title: its phase, the label, and until when the editorial window is open.
import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import type { Report, Section } from '../connection';
import type { GroupSession } from '../ui/group-session';
import { paths } from '../ui/router';
import { w } from '../ui/words';
import { inBothZones, isClosedPhase, phaseWords } from './phase';

export function onRoll(session: GroupSession): boolean {
  const role = session.group?.role;
  return role === 'member' || role === 'chair';
}

/** What decisions on the report say of one section. */
export function sectionLabels(section: Section): TemplateResult | typeof nothing {
  if (!section.leftOpen && !section.notDiscussed) return nothing;
  return html`<p class="section-labels">
    ${section.leftOpen ? html`<span class="label">${w.closing.leftOpenLabel}</span>` : nothing}
    ${section.notDiscussed ? html`<span class="label">${w.closing.label}</span>` : nothing}
  </p>`;
}

function windowWords(report: Report): TemplateResult | typeof nothing {
  const { window } = report;
  if (window == null) return nothing;
  if (report.phaseName !== 'editorial_window') return html`<bdi>${w.closing.version(window.release)}</bdi>`;
  return html`<bdi>${w.closing.version(window.release)}</bdi> <bdi>${w.closing.windowUntil(inBothZones(window.ends))}</bdi>
    <bdi>${w.closing.openCorrections(window.openCorrections)}</bdi>`;
}

export function closingBanner(report: Report, session: GroupSession): TemplateResult {
  const closed = isClosedPhase(report);
  const mayClose = session.can('decide') && report.phaseName === 'plenary';
  const link = closed ? w.closing.toCorrections : mayClose ? w.closing.close : w.closing.toPhase;
  return html`<div class=${closed ? 'closing-banner closed' : 'closing-banner'} role=${closed ? 'status' : nothing}>
    <strong>${phaseWords(report)}</strong>
    ${report.notDiscussed ? html`<span class="label">${w.closing.label}</span>` : nothing} ${windowWords(report)}
    ${report.phaseName === 'editorial_window' && onRoll(session) ? html`<bdi>${w.closing.selectHint}</bdi>` : nothing}
    <a href=${paths.closing(session.slug, report.slug)}>${link}</a>
  </div>`;
}
