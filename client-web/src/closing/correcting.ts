// Filing a correction on selected words of a closed text: watches the selection, asks for the new words, shows what the
// check for substance found, and files. Used by the report page while the editorial window is open.
import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { closingApi, commandKey } from '../connection';
import type { CorrectedWords, CorrectionChoice, Report, ReportPlace, Risk, Section } from '../connection';
import { tell, tellWith } from '../ui/announcer';
import { ask } from '../ui/dialog';
import { paths } from '../ui/router';
import { sayProblem, w } from '../ui/words';

export interface Chosen {
  readonly section: string;
  readonly words: string;
}

const wordsMax = 2_000;

/** The words selected within one section of the text; null for none. */
export function chosenWords(selection: Selection | null): Chosen | null {
  if (selection === null || selection.isCollapsed || selection.rangeCount === 0) return null;
  const { commonAncestorContainer: around } = selection.getRangeAt(0);
  const element = around instanceof Element ? around : around.parentElement;
  const section = element?.closest('bossey-section');
  const within = element?.closest('.text, .title');
  const words = selection.toString().trim();
  if (section == null || within == null || words === '' || words.length > wordsMax) return null;
  return { section: section.id, words };
}

export function riskList(risks: readonly Risk[]): TemplateResult | typeof nothing {
  if (risks.length === 0) return nothing;
  const words = (risk: Risk): string => {
    if (risk.before !== '' && risk.after !== '') return `${risk.before} → ${risk.after}`;
    return risk.before === '' ? risk.after : risk.before;
  };
  return html`<ul class="risks">
    ${risks.map((risk) => html`<li>${w.closing.risks[risk.kind]}${words(risk) === '' ? nothing : html`: <mark dir="auto">${words(risk)}</mark>`}</li>`)}
  </ul>`;
}

export function beforeAndAfter(find: string, replace: string): TemplateResult {
  return html`<p class="change" dir="auto">
    ${find === '' ? nothing : html`<del>${find}</del>`} ${replace === '' ? html`<span class="hint">${w.closing.nothingInstead}</span>` : html`<ins>${replace}</ins>`}
  </p>`;
}

async function askForWords(chosen: Chosen, section: Section): Promise<{ replace: string; place: string } | null> {
  const reply = await ask({
    title: w.closing.file,
    hint: w.toSection(section.number, section.title),
    body: html`<blockquote class="words" dir="auto">${chosen.words}</blockquote>
      <label>${w.closing.newWords}<textarea name="replace" rows="4" maxlength=${wordsMax} dir="auto" .value=${chosen.words}></textarea></label>
      <label>${w.closing.place}<input name="place" maxlength="100" autocomplete="off" dir="auto" placeholder=${w.closing.placeHint} /></label>`,
    yes: w.closing.next,
    check: (form) => {
      const words = String(new FormData(form).get('replace') ?? '').trim();
      return words === chosen.words ? w.closing.changeOne : null;
    },
  });
  return reply.yes ? { replace: (reply.fields.get('replace') ?? '').trim(), place: (reply.fields.get('place') ?? '').trim() } : null;
}

async function askForClass(words: CorrectedWords, place: string, found: { class: string; risks: readonly Risk[] }): Promise<CorrectionChoice | null> {
  const radio = (value: 'editorial' | 'substantive', name: string, hint: string): TemplateResult =>
    html`<label class="choice"><input type="radio" name="class" value=${value} ?checked=${found.class === value} /><span><strong>${name}</strong> <span class="hint">${hint}</span></span></label>`;
  const reply = await ask({
    title: w.closing.whichClass,
    body: html`${beforeAndAfter(words.find, words.replace)}
      ${found.risks.length === 0 ? nothing : html`<p>${w.closing.mayBeSubstance}</p>`} ${riskList(found.risks)}
      <fieldset class="classes">
        <legend class="heard">${w.closing.whichClass}</legend>
        ${radio('editorial', w.closing.classes.editorial, w.closing.editorialHint)} ${radio('substantive', w.closing.classes.substantive, w.closing.substantiveHint)}
      </fieldset>`,
    yes: w.closing.fileDo,
  });
  if (!reply.yes) return null;
  const chosen = reply.fields.get('class') === 'editorial' ? 'editorial' : 'substantive';
  return { class: chosen, insists: chosen === 'editorial', place };
}

/** The whole way from the selected words to the filed correction. */
export async function fileCorrection(place: ReportPlace, report: Report, chosen: Chosen): Promise<void> {
  const section = report.sections.find((s) => s.id === chosen.section);
  if (section === undefined) return;
  if (chosen.words.includes('\n')) return tell(w.closing.oneParagraph, 'refused');
  const typed = await askForWords(chosen, section);
  if (typed === null) return;
  const words: CorrectedWords = { section: section.id, text_id: section.textId, find: chosen.words, replace: typed.replace };
  const checked = await closingApi.checkCorrection(place, words);
  if (!checked.ok) return tell(sayProblem(checked), 'refused');
  const choice = await askForClass(words, typed.place, checked.value);
  if (choice === null) return;
  const filed = await closingApi.fileCorrection(place, words, choice, commandKey());
  if (!filed.ok) return tell(sayProblem(filed), 'refused');
  tellWith({
    text: w.closing.filed(filed.value.number),
    tone: 'plain',
    link: { href: paths.closing(place.group, place.report), words: w.closing.toCorrections },
  });
}

export function correctingBar(chosen: Chosen | null, file: () => void): TemplateResult | typeof nothing {
  if (chosen === null) return nothing;
  return html`<div class="correcting" role="region" aria-label=${w.closing.file}>
    <span class="chosen" dir="auto">${chosen.words}</span>
    <button class="main" @mousedown=${(event: Event) => event.preventDefault()} @click=${file}>${w.closing.file}</button>
  </div>`;
}
