// The chair's steps: to plenary, what is in the way of closing, what is left open by decision, the window, the end. Others
// read the same list without its buttons.
import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { closingApi, commandKey } from '../connection';
import type { NamedSection, Phase } from '../connection';
import { tell } from '../ui/announcer';
import { paths } from '../ui/router';
import { w } from '../ui/words';
import type { ClosingPlace } from './correction-card';

interface StepsPlace extends ClosingPlace {
  readonly slug: string;
  readonly changePhase: (to: Phase, window: { readonly ends: string; readonly quietSeconds: number } | null) => void;
}

const windowDays = 7;
const quietHours = 24;

/** As a field for date and time wants it: the own clock's, to the minute. */
function localMinute(at: Date): string {
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function sectionLink(at: StepsPlace, one: NamedSection): TemplateResult {
  return html`<a href=${paths.report(at.session.slug, at.slug, one.section)} dir="auto">${one.name}</a> <span class="hint" dir="auto">${one.why}</span>`;
}

async function leaveOpen(at: StepsPlace, event: SubmitEvent): Promise<void> {
  event.preventDefault();
  const chosen = new FormData(event.currentTarget as HTMLFormElement).getAll('section').map(String);
  if (chosen.length === 0) return tell(w.closing.chooseSections, 'refused');
  await at.run(closingApi.leaveOpen(at.place, chosen, commandKey()), w.closing.leftOpenDone);
}

function inTheWay(at: StepsPlace, mayDecide: boolean): TemplateResult {
  const { inTheWay: list } = at.closing;
  if (list.length === 0) return html`<p class="good">${w.closing.nothingInTheWay}</p>`;
  return html`<form @submit=${(event: SubmitEvent) => void leaveOpen(at, event)}>
    <p>${w.closing.inTheWay(list.length)}</p>
    <ul class="in-the-way">
      ${list.map((one) =>
        mayDecide
          ? html`<li><label class="choice"><input type="checkbox" name="section" value=${one.section} /><span>${sectionLink(at, one)}</span></label></li>`
          : html`<li>${sectionLink(at, one)}</li>`,
      )}
    </ul>
    ${mayDecide ? html`<p class="hint">${w.closing.leaveOpenHint}</p><button type="submit">${w.closing.leaveOpen}</button>` : nothing}
  </form>`;
}

function leftOpenList(at: StepsPlace): TemplateResult | typeof nothing {
  const { leftOpen } = at.closing;
  if (leftOpen.length === 0) return nothing;
  return html`<p>${w.closing.leftOpen}</p>
    <ul class="left-open">${leftOpen.map((one) => html`<li>${sectionLink(at, one)}</li>`)}</ul>`;
}

function close(at: StepsPlace, event: SubmitEvent): void {
  event.preventDefault();
  const fields = new FormData(event.currentTarget as HTMLFormElement);
  const ends = new Date(String(fields.get('ends') ?? ''));
  const hours = Number(fields.get('quiet'));
  if (Number.isNaN(ends.getTime()) || !Number.isFinite(hours)) return tell(w.closing.chooseEnd, 'refused');
  at.changePhase('editorial_window', { ends: ends.toISOString().replace(/\.\d+Z$/u, 'Z'), quietSeconds: Math.round(hours * 3600) });
}

function closeForm(at: StepsPlace): TemplateResult {
  const { closing } = at;
  const ready = closing.inTheWay.length === 0 && closing.openCalls === 0;
  const end = new Date(Date.now() + windowDays * 24 * 3600_000);
  return html`<form class="close" @submit=${(event: SubmitEvent) => close(at, event)}>
    <p>${w.closing.windowChoose}</p>
    <div class="fields">
      <label>${w.closing.windowEnd}<input type="datetime-local" name="ends" required value=${localMinute(end)} /></label>
      <label>${w.closing.quietHours}<input type="number" name="quiet" required min="0" max="720" step="any" value=${quietHours} /></label>
    </div>
    ${closing.openCalls > 0 ? html`<p class="problem">${w.closing.openCalls(closing.openCalls)}</p>` : nothing}
    <button class="main" type="submit" ?disabled=${!ready}>${w.closing.close}</button>
    ${ready ? nothing : html`<p class="hint">${w.closing.notReady}</p>`}
  </form>`;
}

function labels(at: StepsPlace): TemplateResult {
  const { closing, session } = at;
  const set = (section: string | null, on: boolean): void => void at.run(closingApi.label(at.place, section, on, commandKey()), on ? w.closing.labelSet : w.closing.labelGone);
  const button = (section: string | null, on: boolean): TemplateResult =>
    html`<button class="small" aria-pressed=${on} @click=${() => set(section, !on)}>${on ? w.closing.labelRemove : w.closing.labelAdd}</button>`;
  return html`<details class="labels">
    <summary>${w.closing.labelTitle}</summary>
    <p class="hint">${w.closing.labelHint}</p>
    <ul>
      <li>${w.closing.wholeReport} ${button(null, closing.notDiscussed)}</li>
      ${(session.report?.slug === at.slug ? session.report.sections : []).map(
        (s) => html`<li><span dir="auto">${w.toSection(s.number, s.title)}</span> ${button(s.id, closing.labelled.includes(s.id))}</li>`,
      )}
    </ul>
  </details>`;
}

function end(at: StepsPlace): TemplateResult {
  const { closing } = at;
  const open = closing.corrections.filter((c) => ['filed', 'take_out', 'needs_consent', 'consented'].includes(c.state)).length;
  const left = closing.window !== null && Date.parse(closing.window.ends) > Date.now();
  return html`<button class="main" ?disabled=${open > 0 || left} @click=${() => at.changePhase('final', null)}>${w.closing.makeFinal}</button>
    ${left ? html`<p class="hint">${w.closing.windowStillOpen}</p>` : open > 0 ? html`<p class="hint">${w.closing.openCorrections(open)}</p>` : nothing}`;
}

export function closingSteps(at: StepsPlace): TemplateResult | typeof nothing {
  const { closing, session } = at;
  const mayDecide = session.can('decide');
  switch (closing.phase) {
    case 'drafting':
      return html`<section><h2>${w.closing.next}</h2>
        ${mayDecide ? html`<p class="hint">${w.closing.toPlenaryHint}</p><button class="main" @click=${() => at.changePhase('plenary', null)}>${w.closing.toPlenary}</button>` : nothing}
        ${inTheWay(at, false)} ${leftOpenList(at)} ${mayDecide ? labels(at) : nothing}
      </section>`;
    case 'plenary':
      return html`<section><h2>${w.closing.closeTitle}</h2>
        <ol class="steps"><li>${inTheWay(at, mayDecide)} ${leftOpenList(at)}</li>${mayDecide ? html`<li>${closeForm(at)}</li>` : nothing}</ol>
        ${mayDecide ? html`${labels(at)}<p><button class="small" @click=${() => at.changePhase('drafting', null)}>${w.closing.toDrafting}</button></p>` : nothing}
      </section>`;
    case 'editorial_window':
      return html`${leftOpenList(at)} ${mayDecide ? html`<section><h2>${w.closing.endTitle}</h2>${end(at)}${labels(at)}</section>` : nothing}`;
    case 'final':
      return mayDecide
        ? html`<section><h2>${w.closing.next}</h2>
            <button class="main" ?disabled=${closing.transmittals.length === 0} @click=${() => at.changePhase('transmitted', null)}>${w.closing.markTransmitted}</button>
            ${closing.transmittals.length === 0 ? html`<p class="hint">${w.closing.transmitFirst}</p>` : nothing}
          </section>`
        : nothing;
    case 'transmitted':
      return nothing;
  }
}
