// What may be done with a section beside deciding: asking for brackets, presenting alternatives, putting a section after
// it under a name that stays, wording its disclaimer.
import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { changeOutline } from '../ui/outline';
import { ask } from '../ui/dialog';
import { tell } from '../ui/announcer';
import { paths } from '../ui/router';
import { w } from '../ui/words';
import { askForBrackets } from './brackets';
import type { LineFacts } from './status-line';

/** The section holds options. */
export function isFrame({ session, section }: LineFacts): boolean {
  return session.report?.sections.some((s) => s.parent === section.id && s.kind === 'alternative') ?? false;
}

/** At first for two of them; more by their own fields. */
const optionsShown = 4;

async function presentAlternatives({ session, section }: LineFacts): Promise<void> {
  const rows = Array.from({ length: optionsShown }, (_, index) => index);
  const letter = (index: number): string => String.fromCharCode(65 + index);
  const reply = await ask({
    title: w.options.title,
    hint: w.options.hint,
    body: html`<div class="options-form">
        ${rows.map(
          (index) => html`<label
              >${w.options.option(letter(index))}<input name=${`title${index}`} maxlength="200" autocomplete="off" dir="auto" .value=${index < 2 ? w.options.option(letter(index)) : ''}
            /></label>
            <label>${w.options.room}<input name=${`room${index}`} maxlength="60" autocomplete="off" dir="auto" /></label>`,
        )}
      </div>
      <label class="choice"><input type="checkbox" name="moves" checked />${w.options.moves}</label>`,
    yes: w.options.make,
    check: (form) => (rows.filter((i) => textIn(form, `title${i}`) !== '').length < 2 ? w.options.needTwo : null),
  });
  if (!reply.yes) return;
  const options = rows
    .map((i) => ({ title: (reply.fields.get(`title${i}`) ?? '').trim(), room: (reply.fields.get(`room${i}`) ?? '').trim() }))
    .filter((option) => option.title !== '');
  const made = await changeOutline(session, {
    command: 'alternatives',
    section: section.id,
    options,
    frame_keeps_text: !reply.fields.has('moves'),
  });
  if (made !== false) tell(w.options.made(options.length));
}

function textIn(form: HTMLFormElement, name: string): string {
  return String(new FormData(form).get(name) ?? '').trim();
}

/** A section after this one: numbered like the others, or under a name beside this one's, so that no number moves. */
async function addAfter({ session, section }: LineFacts): Promise<void> {
  const { report } = session;
  const keeps = report !== null && report.phase !== 'Drafting';
  const choice = (value: string, words: string, chosen: boolean): TemplateResult =>
    html`<label class="choice"><input type="radio" name="label" value=${value} ?checked=${chosen} />${words}</label>`;
  const reply = await ask({
    title: w.naming.title,
    hint: w.toSection(section.number, section.title),
    body: html`<label>${w.outline.newTitle}<input name="title" maxlength="300" required autocomplete="off" dir="auto" /></label>
      <fieldset>
        <legend>${w.naming.legend}</legend>
        ${choice('', w.naming.numbered, !keeps)} ${choice('bis', w.naming.bis(section.number), keeps)}
        ${choice('alt', w.naming.alt(section.number), false)}
      </fieldset>`,
    yes: w.outline.addDo,
  });
  const title = (reply.fields.get('title') ?? '').trim();
  if (!reply.yes || title === '') return;
  const chosen = reply.fields.get('label');
  const label = chosen === 'bis' || chosen === 'alt' ? chosen : null;
  const added = await changeOutline(session, {
    command: 'add',
    title,
    parent: section.parent,
    after: section.id,
    ...(label === null ? {} : { label }),
  });
  if (typeof added === 'string') location.hash = added;
}

export function textMenu(facts: LineFacts): TemplateResult {
  const { session, section, group, report } = facts;
  const { closed } = section.status;
  // What is selected is lost once the menu's button takes the focus.
  let selected = { words: '', nth: 0 };
  const shapes = session.can('outline');
  return html`${session.can('write') && !session.can('decide') && !closed
      ? html`<button class="quiet" @pointerdown=${() => (selected = facts.selected())} @click=${() => void askForBrackets({ session, slug: report, section: section.id }, selected)}>
          ${w.brackets.ask}
        </button>`
      : nothing}
    ${shapes && section.number !== '' && section.kind === 'section'
      ? html`<button class="quiet" @click=${() => void addAfter(facts)}>${w.naming.add}</button>`
      : nothing}
    ${shapes && !closed && section.kind !== 'alternative' && !isFrame(facts)
      ? html`<button class="quiet" @click=${() => void presentAlternatives(facts)}>${w.options.present}</button>`
      : nothing}
    ${session.can('decide') ? html`<a href=${paths.wordings(group, { report, section: section.id })}>${w.wordings.ofSection}</a>` : nothing}`;
}
