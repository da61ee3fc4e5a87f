// What changed: any two revisions of a section or of the whole report, inline or side by side, change by change.
import { html, nothing } from 'lit';
import type { PropertyValues, TemplateResult } from 'lit';
import { api } from '../connection';
import type { Redline, Revision } from '../connection';
import { isChangedSince } from '../consensus/status';
import type { GroupSession } from '../ui/group-session';
import { go, paths } from '../ui/router';
import { speak } from '../ui/announcer';
import { View } from '../ui/view';
import { moment, sayProblem, w } from '../ui/words';
import { showRedline, stepChange } from './redline';
import type { ShownRedline } from './redline';
import { inlineSection, sideBySideSection } from './redline-template';

const live = 'live';

interface Asked {
  readonly section: string | null;
  readonly from: string;
  readonly to: string;
  readonly side: boolean;
}

class RedlineElement extends View {
  static override readonly properties = {
    session: { attribute: false },
    slug: { attribute: false },
    query: { attribute: false },
  };
  declare session: GroupSession;
  declare slug: string;
  declare query: URLSearchParams;
  private revisions: readonly Revision[] | null = null;
  private redlines: readonly Redline[] | null = null;
  private problem: string | null = null;
  private asked: Asked = { section: null, from: '', to: live, side: false };
  private fetchedRevisions = '';
  private fetchedRedline = '';
  private onlyChanges = true;
  private change = -1;

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('keydown', this.onKey);
    this.until(() => window.removeEventListener('keydown', this.onKey));
    this.until(this.session.onChange(this.again));
  }

  private get place(): { group: string; report: string } {
    return { group: this.session.slug, report: this.slug };
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('query') && !changed.has('slug')) return;
    this.asked = {
      section: this.query.get('section'),
      from: this.query.get('from') ?? '',
      to: this.query.get('to') ?? live,
      side: this.query.get('view') === 'side',
    };
    void this.load();
  }

  private async load(): Promise<void> {
    const wanted = `${this.slug} ${this.asked.section ?? ''}`;
    if (wanted !== this.fetchedRevisions) {
      this.fetchedRevisions = wanted;
      this.revisions = null;
      this.redlines = null;
      const [result] = await Promise.all([api.revisions(this.place, this.asked.section), this.session.openReport(this.slug)]);
      if (wanted !== this.fetchedRevisions) return;
      this.problem = result.ok ? null : sayProblem(result);
      this.revisions = result.ok ? result.value : [];
    }
    // Without a choice: since it was agreed if it changed since; otherwise from the beginning.
    const from = this.asked.from !== '' ? this.asked.from : this.defaultFrom();
    this.asked = { ...this.asked, from };
    this.requestUpdate();
    if (from !== '') await this.fetchRedline();
  }

  private defaultFrom(): string {
    const list = this.revisions ?? [];
    const section = this.session.report?.sections.find((s) => s.id === this.asked.section);
    const decided = section !== undefined && isChangedSince(section.status) ? list.find((r) => r.decision !== null) : undefined;
    return (decided ?? list.at(-1))?.id ?? '';
  }

  private async fetchRedline(): Promise<void> {
    const { section, from, to } = this.asked;
    const wanted = `${this.slug} ${section ?? ''} ${from} ${to}`;
    if (wanted === this.fetchedRedline) return;
    this.fetchedRedline = wanted;
    this.redlines = null;
    this.change = -1;
    this.requestUpdate();
    const result = await api.redline(this.place, section, from, to);
    if (wanted !== this.fetchedRedline) return;
    this.problem = result.ok ? null : sayProblem(result);
    this.redlines = result.ok ? result.value : null;
    this.requestUpdate();
  }

  private choose(change: Partial<Asked>): void {
    const next = { ...this.asked, ...change };
    const query: Record<string, string> = {};
    if (next.section !== null) query['section'] = next.section;
    if (next.from !== '') query['from'] = next.from;
    if (next.to !== live) query['to'] = next.to;
    if (next.side) query['view'] = 'side';
    go(paths.redline(this.session.slug, this.slug, query), true);
  }

  private readonly step = (by: 1 | -1, changes: number): void => {
    this.change = stepChange(this.change, by, changes);
    if (this.change < 0) return;
    for (const element of this.querySelectorAll('[data-change].chosen')) element.classList.remove('chosen');
    const element = this.querySelector<HTMLElement>(`[data-change="${this.change}"]`);
    element?.classList.add('chosen');
    element?.scrollIntoView({ block: 'center' });
    speak(`${w.history.position(this.change + 1, changes)}. ${element?.innerText ?? ''}`);
    this.requestUpdate();
  };

  private readonly onKey = (event: KeyboardEvent): void => {
    const target = event.target;
    if (event.ctrlKey || event.metaKey || event.altKey || (target instanceof HTMLElement && target.matches('input, select, textarea'))) return;
    const changes = this.shown()?.changes ?? 0;
    if (event.key === 'n' || event.key === 'N') this.step(1, changes);
    else if (event.key === 'p' || event.key === 'P') this.step(-1, changes);
    else if (event.key === 's' || event.key === 'S') this.choose({ side: !this.asked.side });
    else return;
    event.preventDefault();
  };

  private shown(): ShownRedline | null {
    return this.redlines === null ? null : showRedline(this.redlines, this.onlyChanges && this.asked.section === null);
  }

  private revisionName(revision: Revision): string {
    const what = revision.sentence ?? (revision.title === '' ? revision.author : revision.title);
    return revision.decision === null ? `${moment(revision.at)} · ${what}` : `${moment(revision.at)} · ${w.history.decision(revision.decision)} · ${what}`;
  }

  private chooser(label: string, value: string, withLive: boolean, set: (value: string) => void): TemplateResult {
    return html`<label
      >${label}
      <select @change=${(event: Event) => set((event.target as HTMLSelectElement).value)}>
        ${withLive ? html`<option value=${live} ?selected=${value === live}>${w.history.live}</option>` : nothing}
        ${(this.revisions ?? []).map((r) => html`<option value=${r.id} ?selected=${r.id === value}>${this.revisionName(r)}</option>`)}
      </select></label
    >`;
  }

  private renderControls(shown: ShownRedline | null): TemplateResult {
    const { report } = this.session;
    const changes = shown?.changes ?? 0;
    return html`<form class="choosing" @submit=${(event: Event) => event.preventDefault()}>
      <label
        >${w.history.section}
        <select @change=${(event: Event) => {
          const id = (event.target as HTMLSelectElement).value;
          this.choose({ section: id === '' ? null : id, from: '', to: live });
        }}>
          <option value="" ?selected=${this.asked.section === null}>${w.history.whole}</option>
          ${(report?.sections ?? []).map(
            (s) => html`<option value=${s.id} ?selected=${s.id === this.asked.section}>${w.toSection(s.number, s.title)}</option>`,
          )}
        </select></label
      >
      ${this.chooser(w.history.from, this.asked.from, false, (from) => this.choose({ from }))}
      ${this.chooser(w.history.to, this.asked.to, true, (to) => this.choose({ to }))}
      <div class="row">
        <span class="pair" role="group">
          <button type="button" class="small" aria-pressed=${!this.asked.side} @click=${() => this.choose({ side: false })}>${w.history.inline}</button>
          <button type="button" class="small" aria-pressed=${this.asked.side} @click=${() => this.choose({ side: true })}>${w.history.sideBySide}</button>
        </span>
        <button type="button" class="small" ?disabled=${changes === 0} @click=${() => this.step(-1, changes)}>${w.history.previous}</button>
        <button type="button" class="small main" ?disabled=${changes === 0} @click=${() => this.step(1, changes)}>${w.history.next}</button>
        ${this.asked.section === null
          ? html`<label class="choice"
              ><input type="checkbox" .checked=${this.onlyChanges} @change=${() => {
                this.onlyChanges = !this.onlyChanges;
                this.change = -1;
                this.requestUpdate();
              }} />${w.history.only}</label
            >`
          : nothing}
      </div>
    </form>`;
  }

  protected override render(): TemplateResult {
    const shown = this.shown();
    const disclaimer = this.redlines?.find((one) => one.disclaimer !== null)?.disclaimer ?? null;
    return html`<main class="sheet wide redline-page">
      <h1>${w.history.title}</h1>
      ${this.renderControls(shown)} ${this.problem === null ? nothing : html`<p class="problem" role="alert">${this.problem}</p>`}
      ${this.revisions?.length === 0 && this.problem === null ? html`<p class="hint">${w.history.noRevisions}</p>` : nothing}
      ${this.revisions === null || (this.redlines === null && this.problem === null && this.asked.from !== '')
        ? html`<p class="hint">${w.loading}</p>`
        : nothing}
      ${shown === null
        ? nothing
        : html`<p class="summary" role="status">
              ${shown.changes === 0 ? w.history.nothing : w.history.summary(shown.wordsInserted, shown.wordsDeleted)}${this.change < 0
                ? ''
                : ` · ${w.history.position(this.change + 1, shown.changes)}`}
            </p>
            ${disclaimer === null ? nothing : html`<p class="disclaimer" dir="auto">${disclaimer}</p>`}
            <div class="words redline ${this.asked.side ? 'side-by-side' : ''}">
              ${shown.sections.map(
                (section) => html`<section>${this.asked.side ? sideBySideSection(section) : inlineSection(section)}</section>`,
              )}
            </div>
            <p class="hint">${w.history.keys}</p>`}
    </main>`;
  }
}
customElements.define('bossey-redline', RedlineElement);
