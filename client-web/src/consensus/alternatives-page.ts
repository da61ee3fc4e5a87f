// Options under one frame, side by side: two to four at a time, each as it is being written, in columns of one width.
// Between any two a redline. On a phone the columns are swiped.
import { html, nothing } from 'lit';
import type { PropertyValues, TemplateResult } from 'lit';
import { textApi } from '../connection';
import type { Redline, Section, SectionDocument } from '../connection';
import { readBody, renderStatic } from '../editor';
import { redlineInline } from '../history/redline-template';
import type { GroupSession } from '../ui/group-session';
import { paths } from '../ui/router';
import { View } from '../ui/view';
import { sayProblem, w } from '../ui/words';
import { statusSign } from './status';

const columnsMax = 4;

class AlternativesElement extends View {
  static override readonly properties = {
    session: { attribute: false },
    slug: { attribute: false },
    frame: { attribute: false },
  };
  declare session: GroupSession;
  declare slug: string;
  declare frame: string;
  private readonly documents = new Map<string, SectionDocument>();
  /** Which options are shown; null: the first four. */
  private chosen: readonly string[] | null = null;
  private compared: { readonly from: Section; readonly to: Section; readonly redline: Redline } | null = null;
  private problem: string | null = null;
  private openedFor = '';

  override connectedCallback(): void {
    super.connectedCallback();
    this.until(() => {
      for (const document of this.documents.values()) this.session.live.release(document.name);
      this.documents.clear();
    });
  }

  protected override willUpdate(_changed: PropertyValues<this>): void {
    const key = `${this.session.slug}/${this.slug}`;
    if (key !== this.openedFor) {
      this.openedFor = key;
      this.until(this.session.onChange(this.again));
      void this.session.openReport(this.slug);
    }
    for (const section of [...this.options(), ...this.frames()]) {
      if (this.documents.has(section.id)) continue;
      const document = this.session.live.open(section.document);
      this.documents.set(section.id, document);
      for (const name of ['change', 'state', 'replaced'] as const) this.until(document.events.on(name, this.again));
    }
  }

  private frames(): readonly Section[] {
    const { report } = this.session;
    return report?.slug === this.slug ? report.sections.filter((s) => s.id === this.frame) : [];
  }

  /** By letter: no option is preferred by its place. */
  private options(): readonly Section[] {
    const { report } = this.session;
    if (report?.slug !== this.slug) return [];
    return report.sections
      .filter((s) => s.parent === this.frame && s.kind === 'alternative' && s.status.name !== 'Withdrawn')
      .sort((a, b) => a.number.length - b.number.length || (a.number < b.number ? -1 : 1));
  }

  private shown(): readonly Section[] {
    const options = this.options();
    const { chosen } = this;
    return (chosen === null ? options : options.filter((o) => chosen.includes(o.id))).slice(0, columnsMax);
  }

  private toggle(option: Section): void {
    const now = this.shown().map((o) => o.id);
    const next = now.includes(option.id) ? now.filter((id) => id !== option.id) : [...now, option.id];
    if (next.length < 2 || next.length > columnsMax) return;
    this.chosen = next;
    this.compared = null;
    this.requestUpdate();
  }

  private async compare(from: Section, to: Section): Promise<void> {
    const result = await textApi.comparison({ group: this.session.slug, report: this.slug }, from.id, to.id);
    this.problem = result.ok ? null : sayProblem(result);
    if (result.ok) this.compared = { from, to, redline: result.value };
    this.requestUpdate();
    await this.updateComplete;
    this.querySelector<HTMLElement>('.between')?.focus();
  }

  private text(section: Section): unknown {
    const document = this.documents.get(section.id);
    if (document === undefined || !document.ready) return html`<p class="hint">${w.status.loading}</p>`;
    const { doc } = readBody(document.replica.body);
    return doc.textContent === '' ? html`<p class="hint">${w.status.empty}</p>` : renderStatic(doc);
  }

  private column(section: Section): TemplateResult {
    const sign = statusSign(section.status);
    return html`<article class="option" data-option=${section.id} tabindex="0">
      <h2 dir="auto"><bdi class="no">${section.number}</bdi> ${this.documents.get(section.id)?.replica.title.toString() ?? section.title}</h2>
      <p class="line">
        <span class="mark ${sign.tone}"><span class="sign">${sign.mark}</span> ${sign.name}</span>
        ${section.room === null ? nothing : html`<bdi>${w.options.in(section.room)}</bdi>`}
        <a href=${paths.report(this.session.slug, this.slug, section.id)}>${w.options.write}</a>
      </p>
      <div class="words">${this.text(section)}</div>
    </article>`;
  }

  private pairs(shown: readonly Section[]): TemplateResult {
    return html`<div class="row pairs" role="group" aria-label=${w.options.between}>
      <span>${w.options.between}</span>
      ${shown.flatMap((from, i) =>
        shown.slice(i + 1).map(
          (to) => html`<button class="small" @click=${() => void this.compare(from, to)}>${from.number} – ${to.number}</button>`,
        ),
      )}
    </div>`;
  }

  protected override render(): TemplateResult {
    const options = this.options();
    const shown = this.shown();
    const frame = this.frames()[0];
    if (frame === undefined) return html`<main class="sheet"><p class="hint">${this.session.report === null ? w.loading : w.options.none}</p></main>`;
    document.title = w.toSection(frame.number, frame.title);
    return html`<main class="alternatives">
      <h1 dir="auto"><bdi class="no">${frame.number}</bdi> ${frame.title}</h1>
      <p class="report-line">
        ${frame.shortDisclaimer === '' ? nothing : html`<bdi class="short">${frame.shortDisclaimer}</bdi>`}
        <a href=${paths.report(this.session.slug, this.slug, frame.id)}>${w.options.back}</a>
      </p>
      ${frame.disclaimer === null ? nothing : html`<p class="disclaimer" dir="auto">${frame.disclaimer}</p>`}
      ${frame.words > 2 ? html`<div class="words chapeau">${this.text(frame)}</div>` : nothing}
      ${options.length <= columnsMax
        ? nothing
        : html`<fieldset class="across">
            <legend>${w.options.choose}</legend>
            ${options.map(
              (option) => html`<label class="choice"
                ><input type="checkbox" ?checked=${shown.includes(option)} @change=${() => this.toggle(option)} />${option.number} ${option.title}</label
              >`,
            )}
          </fieldset>`}
      ${shown.length < 2 ? html`<p class="hint">${w.options.none}</p>` : this.pairs(shown)}
      ${this.problem === null ? nothing : html`<p class="problem" role="alert">${this.problem}</p>`}
      ${this.compared === null ? nothing : this.renderCompared(this.compared)}
      <div class="columns" style=${`--columns: ${shown.length}`}>${shown.map((option) => this.column(option))}</div>
    </main>`;
  }

  private renderCompared({ from, to, redline }: { readonly from: Section; readonly to: Section; readonly redline: Redline }): TemplateResult {
    return html`<section class="card between" tabindex="-1" aria-label=${`${from.number} – ${to.number}`}>
      <button
        class="quiet close"
        aria-label=${w.dismiss}
        @click=${() => {
          this.compared = null;
          this.requestUpdate();
        }}
      >×</button>
      <h2>${from.number} – ${to.number}</h2>
      <p class="hint">${w.history.summary(redline.wordsInserted, redline.wordsDeleted)}</p>
      <div class="words redline">${redlineInline(redline, false)}</div>
    </section>`;
  }
}
customElements.define('bossey-alternatives', AlternativesElement);
