// Proposals under their section: late edits kept for their author, who reads, copies and withdraws them. Others see
// that there is one; its words only once it is signed or adopted.
import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { api, commandKey } from '../connection';
import type { Proposal, Section } from '../connection';
import { redlineInline } from '../history/redline-template';
import { copyText } from '../ui/copy';
import { ask } from '../ui/dialog';
import type { GroupSession } from '../ui/group-session';
import { tell } from '../ui/announcer';
import { View } from '../ui/view';
import { moment, sayProblem, w } from '../ui/words';

/** `added`: how often words have joined an open proposal, which changes neither its number nor its state. */
export function proposalsOf(section: Section, session: GroupSession, slug: string, added: number): TemplateResult | typeof nothing {
  const shown = section.proposals.filter((p) => p.state === 'open' || p.mine);
  if (shown.length === 0) return nothing;
  const state = `${shown.map((p) => `${p.number}${p.state}${p.version}`).join()} ${added}`;
  return html`<bossey-proposals .section=${section.id} .state=${state} .session=${session} .slug=${slug}></bossey-proposals>`;
}

class ProposalsElement extends View {
  static override readonly properties = {
    section: { attribute: false },
    state: { attribute: false },
    session: { attribute: false },
    slug: { attribute: false },
  };
  declare section: string;
  declare state: string;
  declare session: GroupSession;
  declare slug: string;
  private proposals: readonly Proposal[] = [];
  private problem: string | null = null;
  private fetchedFor = '';

  protected override updated(): void {
    const wanted = `${this.section} ${this.state}`;
    if (wanted === this.fetchedFor) return;
    this.fetchedFor = wanted;
    void this.load();
  }

  private async load(): Promise<void> {
    const result = await api.proposals({ group: this.session.slug, report: this.slug }, this.section);
    this.problem = result.ok ? null : sayProblem(result);
    if (result.ok) this.proposals = result.value;
    this.requestUpdate();
  }

  private async withdraw(proposal: Proposal): Promise<void> {
    const reply = await ask({
      title: w.proposals.withdrawTitle(proposal.number),
      hint: w.proposals.withdrawHint,
      yes: w.proposals.withdraw,
      no: w.proposals.keep,
    });
    if (!reply.yes) return;
    const result = await api.withdrawProposal(this.session.slug, proposal.number, commandKey());
    if (!result.ok) tell(sayProblem(result), 'refused');
    await this.load();
    void this.session.fetchReport();
  }

  private async copy(proposal: Proposal): Promise<void> {
    if (proposal.canonical !== null && (await copyText(proposal.canonical))) tell(w.proposals.copied);
  }

  protected override render(): TemplateResult {
    const shown = this.proposals.filter((p) => p.state === 'open' || p.mine);
    return html`<div class="proposals">
      ${this.problem === null ? nothing : html`<p class="problem">${this.problem}</p>`}
      ${shown.map(
        (p) => html`<section class="card proposal" aria-label=${w.proposals.card(p.number)}>
          <h4>
            ${w.proposals.card(p.number)}<span class="hint">
              ${p.mine ? w.proposals.yours : w.proposals.unsigned}${p.state === 'withdrawn' ? `, ${w.proposals.withdrawn}` : ''},
              ${moment(p.at)}</span
            >
          </h4>
          <p class="hint">${p.reason}</p>
          ${p.canonical === null
            ? html`<p class="hint">${w.proposals.hidden}</p>`
            : p.redline === null
              ? html`<blockquote dir="auto">${p.canonical}</blockquote>`
              : html`<div class="words redline">${redlineInline(p.redline, true)}</div>`}
          ${p.mine && p.canonical !== null
            ? html`<div class="row">
                <button class="small" @click=${() => void this.copy(p)}>${w.proposals.copy}</button>
                ${p.state === 'open'
                  ? html`<button class="small" @click=${() => void this.withdraw(p)}>${w.proposals.withdraw}</button>`
                  : nothing}
              </div>`
            : nothing}
        </section>`,
      )}
    </div>`;
  }
}
customElements.define('bossey-proposals', ProposalsElement);
