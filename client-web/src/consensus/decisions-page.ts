// The register of decisions of a group, newest first, each as the sentence on record: searched on the server, each with
// its pair where it was taken back or reopened, and with the text as it was decided.
import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { api } from '../connection';
import type { Decision } from '../connection';
import { tell } from '../ui/announcer';
import type { GroupSession } from '../ui/group-session';
import { paths } from '../ui/router';
import { View } from '../ui/view';
import { moment, sayProblem, w } from '../ui/words';

interface DecidedText {
  readonly section: string;
  readonly title: string;
  readonly canonical: string;
}

const fields = ['q', 'kind', 'meeting', 'from', 'until'] as const;

class DecisionsElement extends View {
  static override readonly properties = { session: { attribute: false } };
  declare session: GroupSession;
  private decisions: readonly Decision[] | null = null;
  private problem: string | null = null;
  private search: Record<string, string> = {};
  private readonly texts = new Map<number, readonly DecidedText[]>();

  override connectedCallback(): void {
    super.connectedCallback();
    this.until(this.session.live.events.on('event', (event) => {
      if (event.type === 'section') void this.load();
    }));
    void this.load();
  }

  private async load(): Promise<void> {
    const { search } = this;
    const result = await api.decisions(this.session.slug, search);
    if (search !== this.search) return;
    this.problem = result.ok ? null : sayProblem(result);
    if (result.ok) this.decisions = result.value;
    this.requestUpdate();
  }

  private readonly find = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const search: Record<string, string> = {};
    for (const name of fields) {
      const value = String(form.get(name) ?? '').trim();
      if (value !== '') search[name] = value;
    }
    this.search = search;
    void this.load();
  };

  private async showText(decision: Decision): Promise<void> {
    if (this.texts.has(decision.number)) return;
    const result = await api.decided(this.session.slug, decision.number);
    if (result.ok) this.texts.set(decision.number, result.value);
    else tell(sayProblem(result), 'refused');
    this.requestUpdate();
  }

  private pair({ undoneBy, reopenedBy, refersTo }: Decision): TemplateResult | typeof nothing {
    const link = (number: number, words: string): TemplateResult => html` · <a href=${`#decision-${number}`}><strong>${words}</strong></a>`;
    if (undoneBy !== null) return link(undoneBy, w.decisions.undone(undoneBy));
    if (reopenedBy !== null) return link(reopenedBy, w.register.reopened(reopenedBy));
    return refersTo === null ? nothing : link(refersTo, w.register.takesUp(refersTo));
  }

  private row(decision: Decision): TemplateResult {
    const undone = decision.undoneBy !== null;
    const texts = this.texts.get(decision.number);
    return html`<li class=${undone ? 'undone' : ''} id="decision-${decision.number}">
      <span class="no">${decision.number}</span>
      <div>
        <p dir="auto">${decision.sentence}</p>
        ${decision.reason === null ? nothing : html`<p class="hint">${w.decisions.reason}: <bdi>${decision.reason}</bdi></p>`}
        <p class="hint">
          <time datetime=${decision.at}>${moment(decision.at)}</time>
          ${this.pair(decision)}
          ${decision.report === '' || decision.section === ''
            ? nothing
            : html` · <a href=${paths.report(this.session.slug, decision.report, decision.section)}><bdi>${decision.title}</bdi></a>`}
        </p>
        ${decision.section === ''
          ? nothing
          : html`<details @toggle=${() => void this.showText(decision)}>
              <summary>${w.register.showText}</summary>
              ${texts?.map((text) => html`<p class="decided" dir="auto">${text.canonical}</p>`) ?? html`<p class="hint">${w.loading}</p>`}
            </details>`}
      </div>
    </li>`;
  }

  private renderSearch(): TemplateResult {
    return html`<form class="register-search" role="search" @submit=${this.find}>
      <label>${w.register.search}<input name="q" maxlength="100" autocomplete="off" dir="auto" placeholder=${w.register.searchHint} /></label>
      <label>${w.register.kindLabel}<select name="kind">
        <option value="">${w.register.kindAny}</option>
        ${Object.entries(w.register.kinds).map(([kind, words]) => html`<option value=${kind}>${words}</option>`)}
      </select></label>
      <label>${w.register.meetingLabel}<input name="meeting" maxlength="100" autocomplete="off" dir="auto" /></label>
      <label>${w.register.from}<input name="from" type="date" /></label>
      <label>${w.register.until}<input name="until" type="date" /></label>
      <button type="submit">${w.register.find}</button>
    </form>`;
  }

  protected override render(): TemplateResult {
    const { decisions } = this;
    const searched = Object.keys(this.search).length > 0;
    return html`<main class="sheet">
      <h1>${w.decisions.title}</h1>
      <p class="hint">${w.decisions.hint}</p>
      ${this.renderSearch()}
      <p><a href=${paths.register(this.session.slug, new URLSearchParams(this.search).toString())} download>${w.register.export}</a></p>
      ${this.problem === null ? nothing : html`<p class="problem" role="alert">${this.problem}</p>`}
      ${decisions === null
        ? html`<p class="hint">${w.loading}</p>`
        : decisions.length === 0
          ? html`<p class="hint" role="status">${searched ? w.register.found : w.decisions.none}</p>`
          : html`<ol class="register">
              ${decisions.map((d) => this.row(d))}
            </ol>`}
    </main>`;
  }
}
customElements.define('bossey-decisions', DecisionsElement);
