// The one line under a section's heading: its status as mark and word, and what this person may do about it.
import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import type { Section, SectionDocument } from '../connection';
import { paths } from '../ui/router';
import { sectionMenu } from '../ui/section-menu';
import { w } from '../ui/words';
import type { Chair } from './chair';
import { isChangedSince, statusSign } from './status';

export interface LineFacts {
  readonly group: string;
  readonly report: string;
  readonly section: Section;
  readonly document: SectionDocument;
  readonly chair: Chair;
  readonly canDecide: boolean;
  /** Chair and secretariat put agreed words back. */
  readonly canRestore: boolean;
  /** Begins a proposal beside the text; null for whoever may not, or does so already. */
  readonly propose: (() => void) | null;
  readonly writers: readonly string[];
  /** The disclaimer stands above, with an earlier section: here its short form. */
  readonly isBelowDisclaimer: boolean;
}

export function statusLine(facts: LineFacts): TemplateResult {
  const { section, writers } = facts;
  const { status } = section;
  const sign = statusSign(status);
  const changed = isChangedSince(status);
  const open = section.proposals.filter((p) => p.state === 'open').length;
  return html`<div class="line">
    <span class="mark ${sign.tone}"><span class="sign">${sign.mark}</span> ${changed ? html`${w.status.changedSince}` : sign.name}</span>
    <span class="rest" dir="auto">${changed ? html`${status.line}. ${w.status.changedWords(status.changedWords)}` : sign.rest}</span>
    ${facts.isBelowDisclaimer ? html`<span>${w.status.notAgreed}</span>` : nothing}
    ${status.closed ? html`<span class="lock" role="img" aria-label=${w.status.closed} title=${w.status.closed}></span>` : nothing}
    ${section.brackets > 0 ? html`<span>${w.status.brackets(section.brackets)}</span>` : nothing}
    ${open > 0 ? html`<span>${w.status.proposals(open)}</span>` : nothing}
    ${section.chapterLine === null ? nothing : html`<bdi>${section.chapterLine}</bdi>`}
    ${writers.length > 0 ? html`<span class="writers"><bdi>${w.people.writing(writers.join(', '), writers.length)}</bdi></span>` : nothing}
    ${status.decision === null && !changed
      ? nothing
      : html`<a href=${paths.redline(facts.group, facts.report, { section: section.id })}
          >${changed ? w.decide.showChange : w.status.howItCame}</a
        >`}
    ${changed && facts.canRestore && !status.closed && !facts.canDecide ? restoreButton(facts) : nothing}
    ${facts.canDecide
      ? chairKeys(facts, changed)
      : html`<span class="own-keys"
          >${facts.propose === null ? nothing : html`<button class="small propose" @click=${facts.propose}>${w.amend.propose}</button>`}
          ${more(facts, nothing)}</span
        >`}
  </div>`;
}

function restoreButton({ section, chair }: LineFacts): TemplateResult {
  return html`<button class="small" @click=${() => void chair.restore(section)}>${w.decide.restore}</button>`;
}

function chairKeys(facts: LineFacts, changed: boolean): TemplateResult {
  const { section, document, chair, canRestore } = facts;
  const { closed } = section.status;
  const undo = chair.canUndo && chair.last?.section === section.id;
  return html`<span class="keys" role="group" aria-label=${w.decide.consoleLabel}>
    ${closed
      ? nothing
      : html`<button class="small main" ?disabled=${section.unknown} @click=${() => void chair.agree(section, document)}>
            ${changed ? w.decide.agreeChange : w.decide.agree} <kbd>A</kbd>
          </button>
          ${changed && canRestore
            ? html`<button class="small" @click=${() => void chair.restore(section)}>${w.decide.restore}</button>`
            : html`<button class="small" @click=${() => void chair.bracket(section)}>${w.decide.brackets} <kbd>B</kbd></button>`}`}
    ${undo ? html`<button class="small" title=${w.decide.undoHint} @click=${() => void chair.undo(section.id)}>${w.decide.undo} <kbd>U</kbd></button>` : nothing}
    ${more(
      facts,
      html`${facts.propose === null ? nothing : html`<button class="quiet" @click=${facts.propose}>${w.amend.propose}</button>`}
      ${closed
        ? html`<button class="quiet" @click=${() => void chair.reopen(section)}>${w.decide.reopen}</button>`
        : html`<button class="quiet" @click=${() => void chair.alternatives(section)}>${w.decide.alternatives}</button>
            <button class="quiet" @click=${() => void chair.withdraw(section)}>${w.decide.withdraw}</button>`}
      ${undo ? nothing : html`<button class="quiet" title=${w.decide.undoHint} @click=${() => void chair.undo(section.id)}>${w.decide.undo}</button>`}
      <hr />`,
    )}
  </span>`;
}

/** The menu of a section: what the chair alone may do stands first. */
function more({ group, report, section }: LineFacts, first: TemplateResult | typeof nothing): TemplateResult {
  return html`<details class="more">
    <summary class="small" aria-label=${w.sectionMenu.label(w.toSection(section.number, section.title))}>${w.decide.more}</summary>
    <div class="menu">${first} ${sectionMenu({ group, report, section: section.id })}</div>
  </details>`;
}
