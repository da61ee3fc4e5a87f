// The list of corrections: words before and after, class, what may be substance, and what this person may do with each.
import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { closingApi, commandKey } from '../connection';
import type { Closing, ClosingChanged, Correction, CorrectionMove, ReportPlace, Result } from '../connection';
import { ask } from '../ui/dialog';
import type { GroupSession } from '../ui/group-session';
import { paths } from '../ui/router';
import { w } from '../ui/words';
import { beforeAndAfter, riskList } from './correcting';
import { inBothZones, timeLeft } from './phase';

export interface ClosingPlace {
  readonly closing: Closing;
  readonly session: GroupSession;
  readonly place: ReportPlace;
  readonly run: (command: Promise<Result<ClosingChanged>>, said?: string | null) => Promise<boolean>;
}

/** Flagging asks once more: it takes words out of the text and calls on everybody. */
async function move(at: ClosingPlace, correction: Correction, what: CorrectionMove): Promise<void> {
  if (what === 'flag') {
    const reply = await ask({
      title: w.closing.flagTitle(correction.number),
      hint: correction.state === 'applied' ? w.closing.flagAppliedHint : w.closing.flagHint,
      yes: w.closing.flag,
    });
    if (!reply.yes) return;
  }
  await at.run(closingApi.moveCorrection(at.place, correction.number, what, commandKey()), w.closing.moved[what]);
}

function stateWords(correction: Correction): string {
  if (correction.state !== 'filed') return w.closing.states[correction.state];
  const left = timeLeft(correction.quietEnds);
  return left === '' ? w.closing.quietOver : w.closing.quiet(left, inBothZones(correction.quietEnds));
}

const moves: readonly CorrectionMove[] = ['apply', 'take_out', 'flag', 'call', 'withdraw'];

function card(at: ClosingPlace & { readonly slug: string }, correction: Correction): TemplateResult {
  const { session, slug } = at;
  const words: Readonly<Record<CorrectionMove, string>> = {
    apply: w.closing.apply,
    take_out: w.closing.takeOut,
    flag: w.closing.flag,
    call: w.closing.callDo,
    withdraw: w.closing.withdraw,
  };
  return html`<li class="correction ${correction.state}" data-correction=${correction.number}>
    <h3>
      ${w.closing.correction(correction.number)} ·
      <a href=${paths.report(session.slug, slug, correction.section)} dir="auto">${correction.name}</a>
      ${correction.place === '' ? nothing : html`<span class="hint" dir="auto">${correction.place}</span>`}
      ${correction.mine ? html`<span class="hint">(${w.proposals.yours})</span>` : nothing}
    </h3>
    ${beforeAndAfter(correction.find, correction.replace)}
    <p class="facts">
      <span class="class ${correction.class}">${w.closing.classes[correction.class]}${correction.flagged ? html` · ${w.closing.flagged}` : nothing}</span>
      <span>${stateWords(correction)}</span>
      ${correction.release === '' ? nothing : html`<span>${w.closing.version(correction.release)}</span>`}
    </p>
    ${correction.risks.length === 0 ? nothing : html`<p class="hint">${w.closing.mayBeSubstance}</p>`} ${riskList(correction.risks)}
    <div class="row">
      ${moves
        .filter((what) => correction.may.includes(what))
        .map((what, index) => html`<button class=${index === 0 && what !== 'flag' && what !== 'withdraw' ? 'small main' : 'small'} @click=${() => void move(at, correction, what)}>${words[what]}</button>`)}
    </div>
  </li>`;
}

export function correctionCards(at: ClosingPlace & { readonly slug: string }): TemplateResult {
  const { corrections } = at.closing;
  return html`<section aria-labelledby="corrections">
    <h2 id="corrections">${w.closing.corrections}</h2>
    ${corrections.length === 0 ? html`<p class="hint">${w.closing.noCorrections}</p>` : html`<ul class="corrections">${corrections.map((one) => card(at, one))}</ul>`}
  </section>`;
}
