// Draws a redline: what was added underlined, what was taken out struck through, each with words for screen readers.
import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import type { Redline, Run } from '../connection';
import { w } from '../ui/words';
import { showRedline } from './redline';
import type { ShownSection } from './redline';

export function runs(list: readonly Run[]): TemplateResult[] {
  return list.map((run) => {
    const words = marked(run);
    if (run.op === 'insert') return html`<ins><span class="heard">${` ${w.history.added}: `}</span>${words}</ins>`;
    if (run.op === 'delete') return html`<del><span class="heard">${` ${w.history.removed}: `}</span>${words}</del>`;
    return html`${words}`;
  });
}

function marked(run: Run): TemplateResult {
  if (run.note !== undefined) return html`<span class="note">(${runs(run.note)})</span>`;
  if (run.text === '\n') return html`<br />`;
  let out = html`${run.text}`;
  if (run.marks.includes('bracket')) out = html`<span class="bracket-sign">${out}</span>`;
  if (run.marks.includes('em')) out = html`<em>${out}</em>`;
  if (run.marks.includes('strong')) out = html`<strong>${out}</strong>`;
  return out;
}

const attribute = (change: number | null): string | typeof nothing => (change === null ? nothing : String(change));

/** One column. `bare` leaves the title out where nothing changed in it. */
export function redlineInline(redline: Redline, bare: boolean): TemplateResult {
  const section = showRedline([redline], false).sections[0];
  return section === undefined ? html`` : inlineSection(section, bare);
}

export function inlineSection(section: ShownSection, bare = false): TemplateResult {
  return html`${bare && section.titleChange === null
      ? nothing
      : html`<h3 dir="auto" data-change=${attribute(section.titleChange)}>${runs(section.title)}</h3>`}
    ${section.blocks.map(
      ({ block, change }) =>
        html`<p dir="auto" class="block ${block.type} ${block.change} depth-${Math.min(4, block.depth)}" data-change=${attribute(change)}>
          ${block.moved === true ? html`<span class="hint">${w.history.moved} </span>` : nothing}${runs(block.runs)}
        </p>`,
    )}`;
}

export function sideBySideSection(section: ShownSection): TemplateResult {
  const cell = (list: readonly Run[] | null, type: string, depth: number): TemplateResult =>
    list === null
      ? html`<div class="side none"></div>`
      : html`<p dir="auto" class="side block ${type} depth-${Math.min(4, depth)}">${runs(list)}</p>`;
  return html`<div class="sides" data-change=${attribute(section.titleChange)}>
      <h3 class="side" dir="auto">${runs(section.title.filter((r) => r.op !== 'insert'))}</h3>
      <h3 class="side" dir="auto">${runs(section.title.filter((r) => r.op !== 'delete'))}</h3>
    </div>
    ${section.rows.map(
      (row) => html`<div class="sides" data-change=${attribute(row.change)}>
        ${cell(row.before, row.type, row.depth)}${cell(row.after, row.type, row.depth)}
      </div>`,
    )}`;
}
