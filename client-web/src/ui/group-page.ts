// A group's reports: how far each is, a new one, and importing one from a Markdown file.
import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { api, commandKey } from '../connection';
import { pauseRule } from '../consensus/pause-rule';
import type { GroupSession } from './group-session';
import { go, paths } from './router';
import { privacyLine } from '../room/privacy';
import { View } from './view';
import { sayProblem, w } from './words';

const importMax = 4 * 1024 * 1024;

interface Imported {
  readonly slug: string;
  readonly title: string;
  readonly sections: number;
  readonly footnotes: number;
  readonly notes: readonly { readonly line: number; readonly message: string }[];
}

class GroupElement extends View {
  static override readonly properties = { session: { attribute: false } };
  declare session: GroupSession;
  private problem: string | null = null;
  private importing = false;
  private imported: Imported | null = null;
  private createKey = commandKey();
  private importKey = commandKey();

  override connectedCallback(): void {
    super.connectedCallback();
    this.until(this.session.onChange(this.again));
  }

  protected override updated(): void {
    document.title = this.session.group?.name ?? w.product;
  }

  private async create(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const title = new FormData(event.currentTarget as HTMLFormElement).get('title');
    if (typeof title !== 'string' || title.trim() === '') return;
    const result = await api.createReport(this.session.slug, title.trim(), this.createKey);
    if (result.ok) {
      go(paths.report(this.session.slug, result.value));
      return;
    }
    if (result.problem !== 'unreachable') this.createKey = commandKey();
    this.problem = sayProblem(result);
    this.requestUpdate();
  }

  private async import(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const fields = new FormData(event.currentTarget as HTMLFormElement);
    const file = fields.get('file');
    const name = fields.get('name');
    if (!(file instanceof File) || file.size === 0) return;
    this.problem = file.size > importMax ? w.group.importTooLarge : null;
    const markdown = this.problem === null ? await readText(file) : null;
    if (markdown === null) {
      this.problem ??= w.group.importNotText;
      this.requestUpdate();
      return;
    }
    this.importing = true;
    this.imported = null;
    this.requestUpdate();
    const result = await api.importReport(this.session.slug, typeof name === 'string' ? name.trim() : '', markdown, this.importKey);
    this.importing = false;
    if (result.ok || result.problem !== 'unreachable') this.importKey = commandKey();
    if (result.ok) {
      this.imported = result.value;
      void this.session.refresh();
    } else this.problem = sayProblem(result);
    this.requestUpdate();
  }

  protected override render(): TemplateResult {
    const { group } = this.session;
    if (group === null) return html`<main class="sheet"><p class="hint">${w.loading}</p></main>`;
    return html`<main class="sheet">
      <h1><bdi>${group.name}</bdi></h1>
      ${group.addressee === '' ? nothing : html`<p class="hint"><bdi>${group.addressee}</bdi></p>`}
      ${group.reports.length === 0
        ? html`<p class="hint">${w.group.none}</p>`
        : html`<ul class="cards">
            ${group.reports.map(
              (r) => html`<li>
                <a href=${paths.report(group.slug, r.slug)}>
                  <strong><bdi>${r.title}</bdi></strong>
                  <span>${r.phase === '' ? nothing : html`${r.phase}. `}${w.group.settled(r.settled, r.sections)}</span>
                  <progress max=${Math.max(1, r.sections)} value=${r.settled} aria-hidden="true"></progress>
                </a>
              </li>`,
            )}
          </ul>`}
      ${this.problem === null ? nothing : html`<p class="problem" role="alert">${this.problem}</p>`}
      ${this.imported === null ? nothing : this.renderImported(this.imported)}
      ${this.session.can('create_report') ? this.renderMaking() : nothing}
      ${pauseRule(this.session)} ${group.attribution === null ? nothing : html`<p class="privacy">${privacyLine(group)}</p>`}
    </main>`;
  }

  private renderMaking(): TemplateResult {
    return html`<div class="making">
      <form @submit=${this.create}>
        <h2>${w.group.create}</h2>
        <label>${w.group.createTitle}<input name="title" required maxlength="300" autocomplete="off" dir="auto" /></label>
        <button type="submit">${w.group.createDo}</button>
      </form>
      <form @submit=${this.import}>
        <h2>${w.group.import}</h2>
        <p class="hint">${w.group.importHint}</p>
        <label>${w.group.importFile}<input name="file" type="file" accept=".md,.markdown,.txt,text/markdown,text/plain" required /></label>
        <label>${w.group.importName}<input name="name" maxlength="300" autocomplete="off" dir="auto" /></label>
        <button type="submit" ?disabled=${this.importing}>${this.importing ? w.group.importing : w.group.importDo}</button>
      </form>
    </div>`;
  }

  private renderImported(done: Imported): TemplateResult {
    return html`<section class="card imported" role="status">
      <h2><bdi>${done.title}</bdi></h2>
      <p>${w.group.imported(done.sections, done.footnotes)} <a href=${paths.report(this.session.slug, done.slug)}>${w.group.open}</a></p>
      ${done.notes.length === 0
        ? html`<p class="hint">${w.group.noNotes}</p>`
        : html`<h3>${w.group.notes}</h3>
            <ul class="notes">
              ${done.notes.map((note) => html`<li><span class="hint">${w.group.line(note.line)}</span> ${note.message}</li>`)}
            </ul>`}
    </section>`;
  }
}

/** Null: not UTF-8 text. */
async function readText(file: File): Promise<string | null> {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer());
  } catch {
    return null;
  }
}

customElements.define('bossey-group', GroupElement);
