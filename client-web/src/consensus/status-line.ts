// The one line under a section's heading: its status as mark and word, and what this person may do about it.
import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import type { Section } from '../connection';
import { giveToTeam } from '../room/give-to-team';
import type { GroupSession } from '../ui/group-session';
import { paths } from '../ui/router';
import { sectionMenu } from '../ui/section-menu';
import { w } from '../ui/words';
import { openCall } from './call-dialogs';
import type { Chair } from './chair';
import { isFrame, textMenu } from './text-menu';
import { answerAdRef, fromTheFloor, objectTo, reserve, say } from './position-dialogs';
import { isChangedSince, statusSign } from './status';

export interface LineFacts {
  readonly session: GroupSession;
  readonly group: string;
  readonly report: string;
  readonly section: Section;
  readonly chair: Chair;
  readonly canDecide: boolean;
  /** Parks this section and goes on to the next unsettled one. */
  readonly later: () => void;
  /** Chair and secretariat put agreed words back. */
  readonly canRestore: boolean;
  /** Begins a proposal beside the text; null for whoever may not, or does so already. */
  readonly propose: (() => void) | null;
  readonly writers: readonly string[];
  /** The disclaimer stands above, with an earlier section: here its short form. */
  readonly isBelowDisclaimer: boolean;
  readonly showBrackets: () => void;
  /** The words of this section that are selected on the page. */
  readonly selected: () => { readonly words: string; readonly nth: number };
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
    ${status.moved ? html`<span>${w.naming.moved}</span>` : nothing}
    ${section.room === null ? nothing : html`<bdi class="room">${w.options.in(section.room)}</bdi>`}
    ${facts.isBelowDisclaimer ? html`<span>${section.shortDisclaimer === '' ? w.status.notAgreed : section.shortDisclaimer}</span>` : nothing}
    ${status.closed ? html`<span class="lock" role="img" aria-label=${w.status.closed} title=${w.status.closed}></span>` : nothing}
    ${section.team === null ? nothing : html`<span class="team"><bdi>${section.team.room}</bdi></span>`}
    ${section.brackets > 0
      ? html`<button class="quiet brackets-key" @click=${facts.showBrackets}>
          ${w.status.brackets(section.brackets)}${section.reasonsMissing > 0 ? `, ${w.brackets.missing(section.reasonsMissing)}` : ''}
        </button>`
      : nothing}
    ${isFrame(facts) ? html`<a href=${paths.alternatives(facts.group, facts.report, section.id)}>${w.options.compare}</a>` : nothing}
    ${open > 0 ? html`<span>${w.status.proposals(open)}</span>` : nothing} ${positionCounts(section)}
    ${section.chapterLine === null ? nothing : html`<bdi>${section.chapterLine}</bdi>`}
    ${writers.length > 0 ? html`<span class="writers"><bdi>${w.people.writing(writers.join(', '), writers.length)}</bdi></span>` : nothing}
    ${status.decision === null && !changed
      ? nothing
      : html`<a href=${paths.redline(facts.group, facts.report, { section: section.id })}
          >${changed ? w.decide.showChange : w.status.howItCame}</a
        >`}
    ${changed && facts.canRestore && !status.closed && !facts.canDecide ? restoreButton(facts) : nothing}
    ${facts.canDecide ? chairKeys(facts, changed) : ownKeys(facts)}
  </div>`;
}

/** Objections first; small numbers, no share of anything. */
function positionCounts({ positions }: Section): TemplateResult {
  const { objections, reservations, adRef } = positions;
  return html`${objections > 0 ? html`<strong class="objections">${w.positions.objections(objections)}</strong>` : nothing}
  ${reservations > 0 ? html`<span>${w.positions.reservations(reservations)}</span>` : nothing}
  ${adRef > 0 ? html`<span>${w.positions.adRefs(adRef)}</span>` : nothing}`;
}

/** A member's one button; the rest is tucked away. Secretariat: what was said aloud. */
function ownKeys(facts: LineFacts): TemplateResult {
  const { section, session, report } = facts;
  const place = { group: session.slug, report };
  const open = !section.status.closed;
  const member = session.group?.role === 'member' && open;
  const serves = session.group?.role === 'secretariat' && open;
  const first = member
    ? html`<p class="hint">${w.positions.other}</p>
        <button class="quiet" @click=${() => void reserve(place, section)}>${w.positions.reserve}</button>
        <button class="quiet" @click=${() => void say(place, section, 'no_objection')}>${w.positions.noObjection}</button>
        <button class="quiet" @click=${() => void answerAdRef(place, section)}>${w.positions.adRefAnswer}</button>
        <button class="quiet" @click=${() => void say(place, section, 'not_taking_part')}>${w.positions.notTakingPart}</button>
        <hr />`
    : serves
      ? html`<button class="quiet" @click=${() => void fromTheFloor(place, section)}>${w.positions.floor}</button>
          <button class="quiet" @click=${() => void facts.chair.workingPaper(section)}>${w.positions.workingPaper}</button>
          <hr />`
      : nothing;
  return html`<span class="own-keys">
    ${facts.propose === null ? nothing : html`<button class="small propose" @click=${facts.propose}>${w.amend.propose}</button>`}
    ${member ? html`<button class="small" @click=${() => void objectTo(place, section)}>${w.positions.object}</button>` : nothing}
    ${more(facts, first)}
  </span>`;
}

function restoreButton({ section, chair }: LineFacts): TemplateResult {
  return html`<button class="small" @click=${() => void chair.restore(section)}>${w.decide.restore}</button>`;
}

function chairKeys(facts: LineFacts, changed: boolean): TemplateResult {
  const { section, chair, canRestore, later, session, report } = facts;
  const place = { group: session.slug, report };
  const { closed } = section.status;
  const undo = chair.canUndo && chair.last?.section === section.id;
  return html`<span class="keys" role="group" aria-label=${w.decide.consoleLabel}>
    ${closed
      ? nothing
      : html`<button class="small main" ?disabled=${section.unknown} @click=${() => void chair.agree(section)}>
            ${changed ? w.decide.agreeChange : w.decide.agree} <kbd>A</kbd>
          </button>
          ${changed && canRestore
            ? html`<button class="small" @click=${() => void chair.restore(section)}>${w.decide.restore}</button>`
            : html`<button class="small" title=${w.positions.adRefHint} @click=${() => void chair.adRef(section)}>
                  ${w.positions.adRef} <kbd>R</kbd>
                </button>
                <button class="small" @click=${() => void chair.bracket(section)}>${w.decide.brackets} <kbd>B</kbd></button>`}
          <button class="small" title=${w.decide.laterHint} @click=${later}>${w.decide.later} <kbd>L</kbd></button>`}
    ${undo ? html`<button class="small" title=${w.decide.undoHint} @click=${() => void chair.undo(section.id)}>${w.decide.undo} <kbd>U</kbd></button>` : nothing}
    ${more(
      facts,
      html`${facts.propose === null ? nothing : html`<button class="quiet" @click=${facts.propose}>${w.amend.propose}</button>`}
      ${closed
        ? html`<button class="quiet" @click=${() => void chair.reopen(section)}>${w.decide.reopen}</button>`
        : html`<button class="quiet" @click=${() => void chair.principle(section)}>${w.positions.principle}</button>
            <button class="quiet" @click=${() => void openCall(session, report, section)}>${w.calls.openIt}</button>
            <button class="quiet" @click=${() => void fromTheFloor(place, section)}>${w.positions.floor}</button>
            <button class="quiet" @click=${() => void chair.alternatives(section)}>${w.decide.alternatives}</button>
            <button class="quiet" @click=${() => void chair.withdraw(section)}>${w.decide.withdraw}</button>`}
      ${undo ? nothing : html`<button class="quiet" title=${w.decide.undoHint} @click=${() => void chair.undo(section.id)}>${w.decide.undo}</button>`}
      <hr />`,
    )}
  </span>`;
}

/** The menu of a section: what the chair alone may do stands first. */
function more(facts: LineFacts, first: TemplateResult | typeof nothing): TemplateResult {
  const { group, report, section, canRestore } = facts;
  return html`<details class="more">
    <summary class="small" aria-label=${w.sectionMenu.label(w.toSection(section.number, section.title))}>${w.decide.more}</summary>
    <div class="menu">${first} ${textMenu(facts)}
      ${canRestore ? html`<button class="quiet" @click=${() => void giveToTeam({ group, report }, section)}>${w.room.giveMenu}</button>` : nothing}
      ${sectionMenu({ group, report, section: section.id })}</div>
  </details>`;
}
