// Phase, closing, corrections and versions of one report: for everybody to read, with the chair's steps to close it and
// the secretariat's to apply corrections and hand a version on.
import { html, nothing } from 'lit';
import type { PropertyValues, TemplateResult } from 'lit';
import { closingApi, commandKey, phases } from '../connection';
import type { Closing, ClosingChanged, Phase, Release, Result } from '../connection';
import { speak, tell } from '../ui/announcer';
import { ask } from '../ui/dialog';
import type { GroupSession } from '../ui/group-session';
import { paths } from '../ui/router';
import { View } from '../ui/view';
import { sayProblem, w } from '../ui/words';
import { correctionCards } from './correction-card';
import { inBothZones } from './phase';
import { closingSteps } from './closing-steps';
import { releaseList } from './releases';

const tick = 15_000;

class ClosingElement extends View {
  static override readonly properties = { session: { attribute: false }, slug: { attribute: false } };
  declare session: GroupSession;
  declare slug: string;
  private closing: Closing | null = null;
  private releases: readonly Release[] = [];
  private problem: string | null = null;
  private seen = -1;
  private opened = '';
  private quietOver = new Set<number>();

  override connectedCallback(): void {
    super.connectedCallback();
    this.until(this.session.onChange(this.again));
    const timer = setInterval(() => this.lookAtClock(), tick);
    this.until(() => clearInterval(timer));
  }

  private get place(): { group: string; report: string } {
    return { group: this.session.slug, report: this.slug };
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('slug') && this.opened !== this.slug) {
      this.opened = this.slug;
      void this.session.openReport(this.slug);
    }
    if (this.seen !== this.session.closingChanges) void this.load();
  }

  private async load(): Promise<void> {
    this.seen = this.session.closingChanges;
    const result = await closingApi.closing(this.place);
    this.problem = result.ok ? null : sayProblem(result);
    if (result.ok) this.take(result.value);
    this.requestUpdate();
    if (!result.ok || result.value.releases.length === 0) return;
    const releases = await closingApi.releases(this.place);
    if (releases.ok) this.releases = releases.value;
    this.requestUpdate();
  }

  private take(closing: Closing): void {
    if (this.closing !== null && this.closing.phase !== closing.phase) speak(w.closing.phases[closing.phase]);
    this.closing = closing;
    this.releases = closing.releases.map((r) => this.releases.find((known) => known.id === r.id) ?? r);
  }

  /** A quiet period ends without an event: what may be done now is asked again, once. */
  private lookAtClock(): void {
    const over = this.closing?.corrections.filter((c) => c.state === 'filed' && Date.parse(c.quietEnds) <= Date.now() && !this.quietOver.has(c.number)) ?? [];
    for (const correction of over) this.quietOver.add(correction.number);
    if (over.length > 0) void this.load();
    else this.requestUpdate();
  }

  private readonly run = async (command: Promise<Result<ClosingChanged>>, said: string | null = null): Promise<boolean> => {
    const result = await command;
    if (!result.ok) {
      tell(sayProblem(result), 'refused');
      await this.load();
      return false;
    }
    this.take(result.value.closing);
    this.requestUpdate();
    if (said !== null) tell(said);
    return true;
  };

  private readonly changePhase = async (to: Phase, window: { ends: string; quietSeconds: number } | null): Promise<void> => {
    const question = w.closing.phaseQuestions[to];
    const reply = await ask({ title: question.title, hint: question.hint, yes: question.yes, danger: to === 'editorial_window' });
    if (reply.yes) await this.run(closingApi.phase(this.place, to, window, commandKey()), w.closing.phases[to]);
  };

  private renderPhases(closing: Closing): TemplateResult {
    return html`<ol class="phases" aria-label=${w.closing.phase}>
      ${phases.map((phase) => html`<li aria-current=${phase === closing.phase ? 'step' : nothing}>${w.closing.phases[phase]}</li>`)}
    </ol>`;
  }

  private renderWindow(closing: Closing): TemplateResult | typeof nothing {
    if (closing.window === null || closing.phase !== 'editorial_window') return nothing;
    return html`<p class="closing-banner closed" role="status">
      <strong>${w.closing.windowUntil(inBothZones(closing.window.ends))}</strong> <span>${w.closing.windowHint}</span>
      <a href=${paths.report(this.session.slug, this.slug)}>${w.closing.toText}</a>
    </p>`;
  }

  protected override render(): TemplateResult {
    const { closing, session } = this;
    const title = session.report?.slug === this.slug ? session.report.title : '';
    return html`<main class="sheet wide closing-page">
      <h1 dir="auto">${title}</h1>
      ${this.problem === null ? nothing : html`<p class="problem" role="alert">${this.problem}</p>`}
      ${closing === null
        ? html`<p class="hint">${w.loading}</p>`
        : html`${this.renderPhases(closing)} ${this.renderWindow(closing)}
          ${closingSteps({ closing, session, slug: this.slug, place: this.place, run: this.run, changePhase: (to, window) => void this.changePhase(to, window) })}
          ${closing.window === null ? nothing : correctionCards({ closing, session, slug: this.slug, place: this.place, run: this.run })}
          ${closing.releases.length === 0 ? nothing : releaseList({ closing, releases: this.releases, session, place: this.place, run: this.run })}`}
    </main>`;
  }
}
customElements.define('bossey-closing', ClosingElement);
