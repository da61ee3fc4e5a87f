// The boxes in which a position is put into words: objection, reservation, ad referendum, from the floor, and the
// chair's answer. What was written is never lost: a refusal hands it back to be copied.
import { html } from 'lit';
import type { TemplateResult } from 'lit';
import { api, commandKey, consensusApi } from '../connection';
import type { Position, Positions, ReportPlace, Result, Section, TakePosition } from '../connection';
import { tell, tellWith } from '../ui/announcer';
import { ask } from '../ui/dialog';
import { sayProblem, w } from '../ui/words';

/** Ends when the server has answered; null: not sent, or refused. */
type Taken = Promise<Positions | null>;

function taken(result: Result<Positions>, kind: TakePosition['kind'], written: string): Positions | null {
  if (result.ok) {
    tell(kind === 'objection' || kind === 'reservation' ? w.positions.taken[kind] : w.positions.taken.other);
    return result.value;
  }
  const text = sayProblem(result);
  if (written === '') tell(text, 'refused');
  else tellWith({ text: `${text} ${w.positions.keptWords}`, tone: 'refused', keep: written });
  return null;
}

async function send(place: ReportPlace, section: Section, position: Omit<TakePosition, 'text_id'>): Taken {
  const body = { ...position, text_id: section.textId };
  const key = commandKey();
  let result = await consensusApi.takePosition(place, section.id, body, key);
  // The answer was lost on its way: the same key is carried out once.
  if (!result.ok && result.problem === 'unreachable') result = await consensusApi.takePosition(place, section.id, body, key);
  return taken(result, position.kind, [position.words, position.could_live_with].filter(Boolean).join('\n\n'));
}

/** The words as they stand when the box opens: that is what the position will be about. */
async function asShown(place: ReportPlace, section: Section): Promise<Section> {
  const fresh = await api.section(place, section.id);
  return fresh.ok ? fresh.value.section : section;
}

const field = (form: HTMLFormElement, name: string): string => String(new FormData(form).get(name) ?? '').trim();

function textBox(name: string, label: string, rows: number): TemplateResult {
  return html`<label>${label}<textarea name=${name} rows=${rows} maxlength="1300" dir="auto"></textarea></label>`;
}

export async function objectTo(place: ReportPlace, known: Section): Taken {
  const section = await asShown(place, known);
  const reply = await ask({
    title: w.positions.object,
    hint: w.toSection(section.number, section.title),
    body: html`${textBox('words', w.positions.reason, 3)} ${textBox('wording', w.positions.wording, 3)}`,
    yes: w.positions.send,
    check: (form) => (field(form, 'words') === '' ? w.positions.reasonEmpty : null),
  });
  if (!reply.yes) return null;
  return send(place, section, {
    kind: 'objection',
    words: (reply.fields.get('words') ?? '').trim(),
    could_live_with: (reply.fields.get('wording') ?? '').trim(),
  });
}

export async function reserve(place: ReportPlace, known: Section): Taken {
  const section = await asShown(place, known);
  const reply = await ask({
    title: w.positions.reserve,
    hint: w.toSection(section.number, section.title),
    body: textBox('words', w.positions.reservation, 3),
    yes: w.positions.send,
    check: (form) => (field(form, 'words') === '' ? w.positions.reasonEmpty : null),
  });
  return reply.yes ? send(place, section, { kind: 'reservation', words: (reply.fields.get('words') ?? '').trim() }) : null;
}

export async function answerAdRef(place: ReportPlace, known: Section): Taken {
  const section = await asShown(place, known);
  const soon = new Date(Date.now() + 7 * 24 * 3_600_000).toISOString().slice(0, 10);
  const reply = await ask({
    title: w.positions.adRefAnswer,
    hint: w.toSection(section.number, section.title),
    body: html`<label>${w.positions.confirmBy}<input type="date" name="date" .value=${soon} required /></label>`,
    yes: w.positions.send,
    check: (form) => (endOfDay(field(form, 'date')) === null ? w.positions.dateEmpty : null),
  });
  const date = endOfDay(reply.fields.get('date') ?? '');
  return reply.yes && date !== null ? send(place, section, { kind: 'ad_ref', confirm_by: date }) : null;
}

/** The reader's own midnight, as the server writes times; null for a day that is over. */
function endOfDay(date: string): string | null {
  const end = new Date(`${date}T23:59:59`);
  return Number.isNaN(end.getTime()) || end.getTime() <= Date.now() ? null : end.toISOString().replace(/\.\d+Z$/u, 'Z');
}

export const say = async (place: ReportPlace, section: Section, kind: 'no_objection' | 'not_taking_part'): Taken =>
  send(place, await asShown(place, section), { kind });

export async function fromTheFloor(place: ReportPlace, known: Section): Taken {
  const section = await asShown(place, known);
  const reply = await ask({
    title: w.positions.floorTitle,
    hint: w.positions.floorHint,
    body: html`<fieldset>
        <legend>${w.toSection(section.number, section.title)}</legend>
        <label class="choice"><input type="radio" name="kind" value="objection" checked />${w.positions.floorObjection}</label>
        <label class="choice"><input type="radio" name="kind" value="reservation" />${w.positions.floorReservation}</label>
      </fieldset>
      ${textBox('words', w.positions.reason, 3)}`,
    yes: w.positions.floorDo,
    check: (form) => (field(form, 'words') === '' ? w.positions.reasonEmpty : null),
  });
  if (!reply.yes) return null;
  const kind = reply.fields.get('kind') === 'reservation' ? 'reservation' : 'objection';
  return send(place, section, { kind, words: (reply.fields.get('words') ?? '').trim(), floor: true });
}

export async function answerObjection(place: ReportPlace, section: Section, position: Position): Taken {
  const reply = await ask({
    title: w.positions.answerTitle,
    hint: w.positions.answerHint,
    body: html`<blockquote dir="auto">${position.words}</blockquote>${textBox('words', w.positions.answer, 4)}`,
    yes: w.positions.answer,
    check: (form) => (field(form, 'words') === '' ? w.positions.answerEmpty : null),
  });
  if (!reply.yes) return null;
  const words = (reply.fields.get('words') ?? '').trim();
  const result = await consensusApi.movePosition(place, section.id, position.number, { move: 'answer', words }, commandKey());
  if (result.ok) return result.value;
  tellWith({ text: `${sayProblem(result)} ${w.positions.keptWords}`, tone: 'refused', keep: words });
  return null;
}
