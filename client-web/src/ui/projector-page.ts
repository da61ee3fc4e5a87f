// The projector: one section in large type, its status, its disclaimer, what is left. No names, no cursors, nothing
// that blinks. Read-only; the same rendering as the page's. The chair's keys work here, too.
import { html, nothing } from 'lit';
import type { PropertyValues, TemplateResult } from 'lit';
import type { Redline, Section, SectionDocument } from '../connection';
import { api } from '../connection';
import { Chair } from '../consensus/chair';
import { isChangedSince, nextUnsettled, roomCounts, statusSign } from '../consensus/status';
import { readBody, renderStatic } from '../editor';
import { redlineInline } from '../history/redline-template';
import { tell } from './announcer';
import type { GroupSession } from './group-session';
import { signWords } from './header';
import { go, paths } from './router';
import { View } from './view';
import { w } from './words';

class ProjectorElement extends View {
  static override readonly properties = {
    session: { attribute: false },
    slug: { attribute: false },
    section: { attribute: false },
  };
  declare session: GroupSession;
  declare slug: string;
  declare section: string | null;
  private chair!: Chair;
  private live: SectionDocument | null = null;
  private change: Redline | null = null;
  private showsChange = false;
  private started = false;

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('keydown', this.onKey);
    document.documentElement.classList.add('projecting');
    this.until(() => {
      window.removeEventListener('keydown', this.onKey);
      document.documentElement.classList.remove('projecting');
      if (this.live !== null) this.session.live.release(this.live.name);
      this.live = null;
    });
  }

  protected override willUpdate(_changed: PropertyValues<this>): void {
    if (!this.started) {
      this.started = true;
      this.chair = new Chair(this.session, { group: this.session.slug, report: this.slug }, this.again, (id) =>
        id === this.shown()?.id ? this.live : null,
      );
      this.until(this.session.onChange(this.again));
      void this.session.openReport(this.slug);
    }
    const section = this.shown();
    if (section === null || this.live?.name === section.document) return;
    if (this.live !== null) this.session.live.release(this.live.name);
    this.live = this.session.live.open(section.document);
    this.showsChange = false;
    this.change = null;
    for (const name of ['change', 'state', 'replaced'] as const) {
      this.until(this.live.events.on(name, () => {
        this.again();
        if (this.showsChange) void this.fetchChange();
      }));
    }
  }

  private get sections(): readonly Section[] {
    const { report } = this.session;
    return report?.slug === this.slug ? report.sections : [];
  }

  private shown(): Section | null {
    return this.sections.find((s) => s.id === this.section) ?? nextUnsettled(this.sections, [], null) ?? this.sections[0] ?? null;
  }

  private goTo(section: Section | undefined | null): void {
    if (section != null) go(paths.projector(this.session.slug, this.slug, section.id), true);
  }

  private step(by: 1 | -1): void {
    const here = this.sections.findIndex((s) => s.id === this.shown()?.id);
    this.goTo(this.sections[here + by]);
  }

  /** What changed since the text was agreed last, or since the revision before. */
  private async fetchChange(): Promise<void> {
    const section = this.shown();
    if (section === null) return;
    const place = { group: this.session.slug, report: this.slug };
    const revisions = await api.revisions(place, section.id);
    const list = revisions.ok ? revisions.value : [];
    const from = list.find((r) => r.decision !== null) ?? list[1] ?? list[0];
    if (from === undefined) return;
    const result = await api.redline(place, section.id, from.id, 'live');
    this.change = result.ok ? (result.value[0] ?? null) : null;
    this.requestUpdate();
  }

  private readonly toggleChange = (): void => {
    this.showsChange = !this.showsChange;
    if (this.showsChange) void this.fetchChange();
    this.requestUpdate();
  };

  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || document.querySelector('dialog[open]') !== null) return;
    const section = this.shown();
    const decides = this.session.can('decide');
    const key = event.key.toLowerCase();
    if (key === 'arrowright' || key === 'pagedown') this.step(1);
    else if (key === 'arrowleft' || key === 'pageup') this.step(-1);
    else if (key === 'n') this.goTo(nextUnsettled(this.sections, this.chair.later, section?.id ?? null));
    else if (key === 'c') this.toggleChange();
    else if (key === 'escape') go(paths.report(this.session.slug, this.slug, section?.id ?? null));
    else if (decides && section !== null && this.live !== null && key === 'l') {
      this.chair.leaveForLater(section.id);
      this.goTo(nextUnsettled(this.sections, this.chair.later, section.id));
    } else if (decides && section !== null && this.live !== null && (key === 'a' || key === 'r' || key === 'b')) {
      if (section.status.closed) tell(section.status.line, 'refused');
      else if (key === 'a') void this.chair.agree(section);
      else if (key === 'r') void this.chair.adRef(section);
      else void this.chair.bracket(section);
    } else if (decides && section !== null && key === 'u') void this.chair.undo(this.chair.last?.section ?? section.id);
    else return;
    event.preventDefault();
  };

  private renderText(): unknown {
    if (this.showsChange && this.change !== null) return html`<div class="words redline">${redlineInline(this.change, true)}</div>`;
    if (this.live === null || !this.live.ready) return html`<p class="hint">${w.status.loading}</p>`;
    return html`<div class="words">${renderStatic(readBody(this.live.replica.body).doc)}</div>`;
  }

  protected override render(): TemplateResult {
    const section = this.shown();
    const { report } = this.session;
    if (report === null || section === null) return html`<main class="projector"><p class="hint">${w.loading}</p></main>`;
    const sign = statusSign(section.status);
    const changed = isChangedSince(section.status);
    const counts = roomCounts(this.sections);
    const present = this.chair.present;
    return html`<main class="projector">
      <div class="head" role="heading" aria-level="1">
        <bdi class="no">${section.number}</bdi> <span dir="auto">${this.live?.ready === true ? this.live.replica.title.toString() : section.title}</span>
      </div>
      <p class="line">
        <span class="mark ${sign.tone}"><span class="sign">${sign.mark}</span> ${changed ? w.status.changedSince : sign.name}</span>
        <span>${changed ? w.status.changedWords(section.status.changedWords) : sign.rest}</span>
        ${section.brackets > 0 ? html`<span>${w.status.brackets(section.brackets)}</span>` : nothing}
      </p>
      ${section.disclaimer === null ? nothing : html`<p class="disclaimer">${section.disclaimer}</p>`} ${this.renderText()}
      <footer>
        <span>${w.decide.left(counts.left)}.</span>
        ${counts.inBrackets > 0 ? html`<span>${w.decide.inBrackets(counts.inBrackets)}.</span>` : nothing}
        ${present === null ? nothing : html`<span>${w.decide.presentCount(present)}.</span>`}
        <span>${signWords(this.session.live.sign)}.</span>
        ${section.shortDisclaimer === '' ? nothing : html`<span><bdi>${section.shortDisclaimer}</bdi>.</span>`}
        <span class="row">
          <button class="small" @click=${() => this.step(-1)}>${w.projector.previous}</button>
          <button class="small" @click=${() => this.step(1)}>${w.projector.next}</button>
          <button class="small" aria-pressed=${this.showsChange} @click=${this.toggleChange}>
            ${this.showsChange ? w.projector.clean : w.projector.changed}
          </button>
          <a href=${paths.report(this.session.slug, this.slug, section.id)}>${w.projector.leave}</a>
        </span>
      </footer>
    </main>`;
  }
}
customElements.define('bossey-projector', ProjectorElement);
