// The writing tools: quiet, at the foot of the window, there only while the cursor is in a text that may be written.
import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import type { ActionName, CursorFacts, SectionEditor } from '../editor';
import { tell } from './announcer';
import { View } from './view';
import { w } from './words';

interface Tool {
  readonly action: ActionName;
  readonly sign: TemplateResult | string;
  readonly keys: string;
}

const mod = typeof navigator !== 'undefined' && /Mac|iP(hone|ad)/.test(navigator.userAgent) ? '⌘' : 'Ctrl+';

const tools: readonly (readonly Tool[])[] = [
  [
    { action: 'bold', sign: html`<b>B</b>`, keys: `${mod}B` },
    { action: 'italic', sign: html`<i>I</i>`, keys: `${mod}I` },
  ],
  [
    { action: 'brackets', sign: '[ ]', keys: `${mod}Shift+B` },
    { action: 'footnote', sign: html`a<sup>1</sup>`, keys: `${mod}Alt+F` },
  ],
  [
    { action: 'heading', sign: 'H', keys: `${mod}Alt+H` },
    { action: 'bullets', sign: '•', keys: `${mod}Shift+8` },
    { action: 'numbers', sign: '1.', keys: `${mod}Shift+7` },
    { action: 'quote', sign: '❝', keys: `${mod}Shift+9` },
    { action: 'table', sign: '▦', keys: '' },
  ],
  [
    { action: 'rightToLeft', sign: '¶←', keys: '' },
    { action: 'undo', sign: '↶', keys: `${mod}Z` },
    { action: 'redo', sign: '↷', keys: `${mod}Y` },
  ],
];

const tableTools: readonly ActionName[] = ['addRow', 'addColumn', 'removeRow', 'removeColumn'];

class ToolbarElement extends View {
  static override readonly properties = {
    editor: { attribute: false },
    revision: { attribute: false },
    splitter: { attribute: false },
  };
  declare editor: SectionEditor | null;
  declare revision: number;
  /** Null: this person does not shape the outline. Called with the index of the block to begin with. */
  declare splitter: ((block: number) => void) | null;
  private linking = false;

  /** Opens the field for a link's address. */
  openLink(): void {
    this.linking = true;
    this.requestUpdate();
    void this.updateComplete.then(() => this.querySelector('input')?.focus());
  }

  private readonly keepCursor = (event: Event): void => {
    // The buttons do not take the cursor out of the text.
    if (!(event.target instanceof HTMLInputElement)) event.preventDefault();
  };

  private setLink(event: SubmitEvent): void {
    event.preventDefault();
    const address = new FormData(event.currentTarget as HTMLFormElement).get('address');
    if (typeof address !== 'string' || this.editor === null) return;
    if (!this.editor.link(address)) return tell(w.tools.linkBad, 'refused');
    this.closeLink();
  }

  private closeLink(): void {
    this.linking = false;
    this.requestUpdate();
  }

  private button(tool: Tool, facts: CursorFacts): TemplateResult {
    const label = w.tools[tool.action];
    const isUndo = tool.action === 'undo' || tool.action === 'redo';
    return html`<button
      class="tool"
      title=${tool.keys === '' ? label : `${label} (${tool.keys})`}
      aria-label=${label}
      aria-pressed=${isUndo || tool.action === 'footnote' || tool.action === 'table' ? nothing : facts.active.has(tool.action)}
      ?disabled=${!facts.possible.has(tool.action)}
      @click=${() => this.editor?.do(tool.action)}
    >${tool.sign}</button>`;
  }

  private renderLink(facts: CursorFacts): TemplateResult {
    return html`<form
      class="link"
      @submit=${this.setLink}
      @keydown=${(event: KeyboardEvent) => {
        if (event.key !== 'Escape') return;
        this.closeLink();
        this.editor?.view.focus();
      }}
    >
      <label><span class="heard">${w.tools.linkAddress}</span
        ><input name="address" type="text" inputmode="url" placeholder="https://" .value=${facts.link ?? ''} autocomplete="off" dir="ltr" /></label>
      <button class="small main" type="submit">${w.tools.linkSet}</button>
      ${facts.link === null
        ? nothing
        : html`<button class="small" type="button" @click=${() => {
            this.editor?.link('');
            this.closeLink();
          }}>${w.tools.linkRemove}</button>`}
    </form>`;
  }

  protected override render(): TemplateResult | typeof nothing {
    const { editor } = this;
    if (editor === null) return nothing;
    const facts = editor.facts();
    return html`<div class="toolbar" role="toolbar" aria-label=${w.tools.label} @mousedown=${this.keepCursor}>
      ${this.linking
        ? this.renderLink(facts)
        : html`${tools.map((set) => html`<span class="set">${set.map((tool) => this.button(tool, facts))}</span>`)}
            <span class="set"
              ><button class="tool word" aria-pressed=${facts.link !== null} title=${`${w.tools.link} (${mod}K)`} @click=${() => this.openLink()}>
                ${w.tools.link}
              </button>
              ${this.splitter === null || facts.block === 0
                ? nothing
                : html`<button class="tool word" @click=${() => this.splitter?.(facts.block)}>${w.outline.splitHere}</button>`}
            </span>
            ${facts.inTable
              ? html`<span class="set"
                  >${tableTools.map((name) => html`<button class="tool word" @click=${() => editor.do(name)}>${w.tools[name]}</button>`)}</span
                >`
              : nothing}`}
    </div>`;
  }
}
customElements.define('bossey-toolbar', ToolbarElement);

export type Toolbar = ToolbarElement;
