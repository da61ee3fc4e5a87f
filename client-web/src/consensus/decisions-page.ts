// The register of decisions of a group, newest first, each as the sentence on record.
import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { api } from '../connection';
import type { Decision } from '../connection';
import type { GroupSession } from '../ui/group-session';
import { paths } from '../ui/router';
import { View } from '../ui/view';
import { moment, sayProblem, w } from '../ui/words';

class DecisionsElement extends View {
  static override readonly properties = { session: { attribute: false } };
  declare session: GroupSession;
  private decisions: readonly Decision[] | null = null;
  private problem: string | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.until(this.session.live.events.on('event', (event) => {
      if (event.type === 'section') void this.load();
    }));
    void this.load();
  }

  private async load(): Promise<void> {
    const result = await api.decisions(this.session.slug);
    this.problem = result.ok ? null : sayProblem(result);
    if (result.ok) this.decisions = result.value;
    this.requestUpdate();
  }

  private row(decision: Decision): TemplateResult {
    const undone = decision.undoneBy !== null;
    return html`<li class=${undone ? 'undone' : ''} id="decision-${decision.number}">
      <span class="no">${decision.number}</span>
      <div>
        <p>${decision.sentence}</p>
        ${decision.reason === null ? nothing : html`<p class="hint">${w.decisions.reason}: <bdi>${decision.reason}</bdi></p>`}
        <p class="hint">
          <time datetime=${decision.at}>${moment(decision.at)}</time>
          ${undone ? html` · <strong>${w.decisions.undone(decision.undoneBy ?? 0)}</strong>` : nothing}
          ${decision.report === '' || decision.section === ''
            ? nothing
            : html` · <a href=${paths.report(this.session.slug, decision.report, decision.section)}><bdi>${decision.title}</bdi></a>`}
        </p>
      </div>
    </li>`;
  }

  protected override render(): TemplateResult {
    return html`<main class="sheet">
      <h1>${w.decisions.title}</h1>
      <p class="hint">${w.decisions.hint}</p>
      ${this.problem === null ? nothing : html`<p class="problem" role="alert">${this.problem}</p>`}
      ${this.decisions === null
        ? html`<p class="hint">${w.loading}</p>`
        : this.decisions.length === 0
          ? html`<p class="hint">${w.decisions.none}</p>`
          : html`<ol class="register">
              ${this.decisions.map((d) => this.row(d))}
            </ol>`}
    </main>`;
  }
}
customElements.define('bossey-decisions', DecisionsElement);
