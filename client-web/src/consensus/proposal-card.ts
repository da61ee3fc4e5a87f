// One proposal under its section, as a card: what it changes as a redline, how strongly it is meant, who signs it, what
// stands against it, and the buttons that this person's role gives.
import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import type { Amendment, LeftOut, Proposal } from '../connection';
import { redlineInline } from '../history/redline-template';
import { moment, w } from '../ui/words';

/** What the buttons of a card do. */
export interface CardHost {
  /** Writes the proposals of the section at all. */
  readonly mayWrite: boolean;
  readonly mayDecide: boolean;
  /** Shown in the place of the section's text. */
  readonly inPlace: number | null;
  /** Written in this tab just now. */
  readonly writing: number | null;
  /** By number: whether this person wrote the proposal. */
  isMine(number: number): boolean;
  write(proposal: Proposal): void;
  adopt(proposal: Proposal): void;
  refuse(proposal: Proposal): void;
  setAside(proposal: Proposal): void;
  takeUp(proposal: Proposal): void;
  withdraw(proposal: Proposal): void;
  handIn(proposal: Proposal): void;
  bringUp(proposal: Proposal): void;
  proposeOn(proposal: Proposal): void;
  show(proposal: Proposal | null): void;
  copy(proposal: Proposal): void;
}

function button(words: string, act: () => void, main = false): TemplateResult {
  return html`<button class=${main ? 'small main' : 'small'} @click=${act}>${words}</button>`;
}

function leftOut(parts: readonly LeftOut[], words: string): TemplateResult | typeof nothing {
  if (parts.length === 0) return nothing;
  return html`<div class="overtaken">
    <p>${words}</p>
    <ul>
      ${parts.map(
        (part) => html`<li dir="auto">
          ${part.was === '' ? nothing : html`<del><span class="heard">${w.history.removed}: </span>${part.was}</del> `}${part.words === ''
            ? nothing
            : html`<ins><span class="heard">${w.history.added}: </span>${part.words}</ins>`}
        </li>`,
      )}
    </ul>
  </div>`;
}

function chairButtons(proposal: Proposal, facts: Amendment, host: CardHost): TemplateResult | typeof nothing {
  if (!host.mayDecide) return nothing;
  const adoptable = facts.on === null && facts.overtaken.length === 0 && facts.asks;
  return html`${adoptable ? button(w.amend.adoptShow, () => host.adopt(proposal), true) : nothing}
  ${button(w.amend.refuse, () => host.refuse(proposal))}
  ${proposal.state === 'open' ? button(w.amend.setAside, () => host.setAside(proposal)) : button(w.amend.takeUp, () => host.takeUp(proposal))}`;
}

function liveButtons(proposal: Proposal, facts: Amendment, host: CardHost): TemplateResult {
  const writes = host.mayWrite && (facts.signedBy === null || proposal.mine);
  const takes = facts.on !== null && host.isMine(facts.on) && facts.overtaken.length === 0 && facts.asks;
  // Where the text has only moved on beside it, anybody who writes may do so.
  const brings = facts.behind && host.mayWrite && (facts.overtaken.length === 0 || proposal.mine || host.mayDecide);
  return html`<div class="row">
    ${chairButtons(proposal, facts, host)} ${takes ? button(w.amend.takeIn, () => host.adopt(proposal), true) : nothing}
    ${brings ? button(w.amend.bringUp, () => host.bringUp(proposal)) : nothing}
    ${writes ? button(proposal.mine ? w.amend.goOn : w.amend.writeWith, () => host.write(proposal)) : nothing}
    ${host.mayWrite && facts.on === null && !proposal.mine ? button(w.amend.proposeOn, () => host.proposeOn(proposal)) : nothing}
    ${facts.on === null
      ? host.inPlace === proposal.number
        ? button(w.amend.hide, () => host.show(null))
        : button(w.amend.show, () => host.show(proposal))
      : nothing}
    ${proposal.mine ? button(w.proposals.withdraw, () => host.withdraw(proposal)) : nothing}
  </div>`;
}

function facts(proposal: Proposal, amendment: Amendment): TemplateResult {
  const { rivals, strength, signedBy, on } = amendment;
  return html`<p class="facts">
    <span class="strength-sign">${w.amend.strengths[strength]}</span>
    <span>${signedBy === null ? w.proposals.unsigned : html`${w.amend.signedBy} <bdi>${signedBy}</bdi>`}</span>
    ${on === null ? nothing : html`<span>${w.amend.on(on)}</span>`}
    ${proposal.state === 'open' ? nothing : html`<span class="fate">${w.amend.fates[proposal.state]}</span>`}
    ${rivals.length === 0 ? nothing : html`<span class="rivals"><span aria-hidden="true">⇄ </span>${w.amend.rivals(rivals.join(', '))}</span>`}
    ${amendment.asks || amendment.untouched || proposal.state !== 'open' ? nothing : html`<span>${w.amend.inText}</span>`}
  </p>`;
}

export function proposalCard(proposal: Proposal, host: CardHost): TemplateResult {
  const { amendment, redline, canonical, mine, number } = proposal;
  const isLive = proposal.state === 'open' || proposal.state === 'set_aside';
  const whose = mine ? w.proposals.yours : amendment === null ? w.proposals.unsigned : '';
  return html`<section class="card proposal ${proposal.state}" aria-label=${w.proposals.card(number)}>
    <h4>
      ${w.proposals.card(number)}<span class="hint"
        >${[whose, amendment === null && proposal.state === 'withdrawn' ? w.proposals.withdrawn : '', moment(proposal.at)].filter((s) => s !== '').join(', ')}</span
      >
    </h4>
    ${amendment === null ? html`<p class="hint">${proposal.reason}</p>` : facts(proposal, amendment)}
    ${canonical === null
      ? html`<p class="hint">${w.proposals.hidden}</p>`
      : amendment?.untouched === true
        ? html`<p class="hint">${w.amend.untouched}</p>`
        : redline === null
          ? html`<blockquote dir="auto">${canonical}</blockquote>`
          : html`<div class="words redline">${redlineInline(redline, true)}</div>`}
    ${amendment === null ? nothing : html`${leftOut(amendment.overtaken, w.amend.overtaken)} ${mine ? leftOut(amendment.left, w.amend.left) : nothing}`}
    ${amendment !== null && isLive && host.writing !== number ? liveButtons(proposal, amendment, host) : nothing}
    ${amendment === null && mine && canonical !== null
      ? html`<div class="row">
          ${proposal.state === 'open' ? button(w.amend.handIn, () => host.handIn(proposal), true) : nothing}
          ${button(w.proposals.copy, () => host.copy(proposal))}
          ${proposal.state === 'open' ? button(w.proposals.withdraw, () => host.withdraw(proposal)) : nothing}
        </div>`
      : nothing}
  </section>`;
}
