// The chair's questions around a call for consensus: opening one, giving it more time, asking again.
import { html } from 'lit';
import { api, commandKey, consensusApi } from '../connection';
import type { Call } from '../connection';
import { tell, tellWith } from '../ui/announcer';
import { ask } from '../ui/dialog';
import type { GroupSession } from '../ui/group-session';
import { go, paths } from '../ui/router';
import { sayProblem, w } from '../ui/words';

const defaultNotice = 72 * 3_600_000;

/** As the server writes times. */
const utc = (date: Date): string => date.toISOString().replace(/\.\d+Z$/u, 'Z');
export const zone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** What a field of type datetime-local shows: the reader's own clock. */
function localField(at: Date): string {
  const shifted = new Date(at.getTime() - at.getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 16);
}

function readField(value: string): string | null {
  const at = new Date(value);
  return Number.isNaN(at.getTime()) ? null : utc(at);
}

export async function openCall(session: GroupSession, report: string, section: { readonly id: string }): Promise<void> {
  const sections = (session.report?.sections ?? []).filter((s) => !s.status.closed && (s.words > 0 || s.id === section.id));
  const reply = await ask({
    title: w.calls.openTitle,
    body: html`<label>${w.calls.question}<textarea name="question" rows="2" maxlength="300" dir="auto"></textarea></label>
      <label>${w.calls.deadline}<input type="datetime-local" name="deadline" .value=${localField(new Date(Date.now() + defaultNotice))} required /></label>
      <fieldset class="choices">
        <legend>${w.calls.sections}</legend>
        ${sections.map(
          (s) => html`<label class="choice"
            ><input type="checkbox" name=${`section ${s.id}`} ?checked=${s.id === section.id} /><span dir="auto">${w.toSection(s.number, s.title)}</span></label
          >`,
        )}
      </fieldset>
      <label class="choice"><input type="checkbox" name="unanimity" />${w.calls.unanimity}</label>`,
    yes: w.calls.openDo,
    check: (form) => {
      const data = new FormData(form);
      if (String(data.get('question') ?? '').trim() === '') return w.calls.questionEmpty;
      if (!sections.some((s) => data.has(`section ${s.id}`))) return w.calls.sectionsEmpty;
      return readField(String(data.get('deadline') ?? '')) === null ? w.calls.deadlineBad : null;
    },
  });
  const deadline = readField(reply.fields.get('deadline') ?? '');
  const question = (reply.fields.get('question') ?? '').replace(/\s+/gu, ' ').trim();
  if (!reply.yes || deadline === null) return;
  const now = await api.report({ group: session.slug, report });
  const texts = new Map((now.ok ? now.value.sections : sections).map((s) => [s.id, s.textId]));
  const chosen = sections.filter((s) => reply.fields.has(`section ${s.id}`)).map((s) => ({ section: s.id, text_id: texts.get(s.id) ?? s.textId }));
  const rule = reply.fields.has('unanimity') ? 'unanimity' : 'consensus';
  const result = await consensusApi.openCall(session.slug, { question, report, sections: chosen, deadline, zone: zone(), rule }, commandKey());
  if (!result.ok) return tellWith({ text: `${sayProblem(result)} ${w.positions.keptWords}`, tone: 'refused', keep: question });
  tell(w.calls.opened);
  go(paths.call(session.slug, result.value.number));
}

async function deadlineOf(title: string, hint: string, yes: string, start: Date): Promise<string | null> {
  const reply = await ask({
    title,
    ...(hint === '' ? {} : { hint }),
    body: html`<label>${w.calls.deadline}<input type="datetime-local" name="deadline" .value=${localField(start)} required /></label>`,
    yes,
    check: (form) => (readField(String(new FormData(form).get('deadline') ?? '')) === null ? w.calls.deadlineBad : null),
  });
  return reply.yes ? readField(reply.fields.get('deadline') ?? '') : null;
}

export const askForMoreTime = (call: Call): Promise<string | null> =>
  deadlineOf(w.calls.extendTitle, '', w.calls.moves.extend, new Date(Math.max(Date.parse(call.deadline), Date.now()) + 24 * 3_600_000));

export const askForRestart = (): Promise<string | null> =>
  deadlineOf(w.calls.restartTitle, w.calls.restartHint, w.calls.moves.restart, new Date(Date.now() + defaultNotice));
