// Adopting proposals as the chair does: what the text would be is shown as a redline first, and exactly that is
// adopted, or nothing.
import { html, nothing } from 'lit';
import { amendments, commandKey } from '../connection';
import type { ReportPlace } from '../connection';
import { redlineInline } from '../history/redline-template';
import { tell } from '../ui/announcer';
import { ask } from '../ui/dialog';
import { sayProblem, w } from '../ui/words';

/** True: the text has changed. */
export async function adopt(place: ReportPlace, section: string, which: readonly number[] | 'uncontested'): Promise<boolean> {
  const shown = await amendments.preview(place, section, which);
  if (!shown.ok) {
    tell(sayProblem(shown), 'refused');
    return false;
  }
  const { numbers, textId, redline, overtaken } = shown.value;
  const reply = await ask({
    title: w.amend.adoptTitle(numbers.length === 1 ? w.proposals.card(numbers[0] ?? 0) : w.amend.several(numbers.length)),
    hint: overtaken.length === 0 ? w.amend.adoptHint : `${w.amend.adoptHint} ${w.amend.willOvertake(overtaken.join(', '))}`,
    body: html`<div class="preview redline" tabindex="0">${redline === null ? nothing : redlineInline(redline, false)}</div>`,
    yes: w.amend.adopt,
    no: w.amend.notNow,
    wide: true,
  });
  if (!reply.yes) return false;
  const key = commandKey();
  let result = await amendments.adopt(place, section, numbers, textId, key);
  // The answer was lost on its way: the same key asks again without adopting twice.
  if (!result.ok && result.problem === 'unreachable') result = await amendments.adopt(place, section, numbers, textId, key);
  if (!result.ok) {
    tell(sayProblem(result), 'refused');
    return false;
  }
  tell(w.amend.adopted(numbers.join(', ')));
  return true;
}
