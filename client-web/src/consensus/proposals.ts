// Proposals under their section: those put forward, for all who read, and late edits kept for their author until they
// are handed in. Fetches their words, and does what the cards' buttons ask for.
import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { amendments, api, commandKey } from '../connection';
import type { AmendmentMove, Proposal, Section } from '../connection';
import { copyText } from '../ui/copy';
import { ask } from '../ui/dialog';
import type { GroupSession } from '../ui/group-session';
import { tell } from '../ui/announcer';
import { View } from '../ui/view';
import { sayProblem, w } from '../ui/words';
import { adopt } from './adopting';
import { proposalCard } from './proposal-card';
import type { CardHost } from './proposal-card';

/** What the cards ask of the section above them. */
export interface ProposalsHost {
  readonly session: GroupSession;
  readonly slug: string;
  readonly writing: number | null;
  readonly inPlace: number | null;
  /** Opens a proposal in the place of the text, to write it. */
  write(proposal: Proposal): void;
  /** Its redline in the place of the text; null: the text again. */
  show(proposal: Proposal | null): void;
  /** Words of proposals have come. */
  known(proposals: readonly Proposal[]): void;
}

const isShown = (p: { readonly state: string; readonly mine: boolean; readonly kind?: string }): boolean =>
  p.state === 'open' || p.state === 'set_aside' || (p.mine && p.state !== 'adopted');

/** `added`: how often words have joined an open proposal, which changes neither its number nor its state. */
export function proposalsOf(section: Section, host: ProposalsHost, added: number): TemplateResult | typeof nothing {
  const shown = section.proposals.filter(isShown);
  if (shown.length === 0) return nothing;
  const state = `${shown.map((p) => `${p.number}${p.state}${p.version}`).join()} ${section.textId} ${added}`;
  return html`<bossey-proposals .section=${section.id} .state=${state} .host=${host} .writing=${host.writing} .inPlace=${host.inPlace}></bossey-proposals>`;
}

class ProposalsElement extends View implements CardHost {
  static override readonly properties = {
    section: { attribute: false },
    state: { attribute: false },
    host: { attribute: false },
    writing: { attribute: false },
    inPlace: { attribute: false },
  };
  declare section: string;
  declare state: string;
  declare host: ProposalsHost;
  declare writing: number | null;
  declare inPlace: number | null;
  private proposals: readonly Proposal[] = [];
  private problem: string | null = null;
  private fetchedFor = '';

  get mayWrite(): boolean {
    return this.host.session.can('write');
  }

  get mayDecide(): boolean {
    return this.host.session.can('decide');
  }

  isMine(number: number): boolean {
    return this.proposals.some((p) => p.number === number && p.mine);
  }

  protected override updated(): void {
    const wanted = `${this.section} ${this.state}`;
    if (wanted === this.fetchedFor) return;
    this.fetchedFor = wanted;
    void this.load();
  }

  private async load(): Promise<void> {
    const wanted = this.fetchedFor;
    const result = await api.proposals(this.place, this.section);
    if (wanted !== this.fetchedFor) return;
    this.problem = result.ok ? null : sayProblem(result);
    if (result.ok) {
      this.proposals = result.value;
      this.host.known(result.value);
    }
    this.requestUpdate();
  }

  private get place(): { readonly group: string; readonly report: string } {
    return { group: this.host.session.slug, report: this.host.slug };
  }

  private async moved(): Promise<void> {
    await this.load();
    void this.host.session.fetchReport();
  }

  private async move(proposal: Proposal, move: AmendmentMove, said = ''): Promise<void> {
    const result = await amendments.move(this.host.session.slug, proposal.number, move, commandKey());
    if (!result.ok) tell(sayProblem(result), 'refused');
    else if (said !== '') tell(said);
    await this.moved();
  }

  write(proposal: Proposal): void {
    this.host.write(proposal);
  }

  adopt(proposal: Proposal): void {
    void adopt(this.place, this.section, [proposal.number]).then(() => this.moved());
  }

  private readonly adoptAll = (): void => {
    void adopt(this.place, this.section, 'uncontested').then(() => this.moved());
  };

  refuse(proposal: Proposal): void {
    void this.move(proposal, 'refuse', w.amend.refused(proposal.number));
  }

  setAside(proposal: Proposal): void {
    void this.move(proposal, 'set_aside');
  }

  takeUp(proposal: Proposal): void {
    void this.move(proposal, 'take_up');
  }

  handIn(proposal: Proposal): void {
    void this.move(proposal, 'hand_in', w.amend.handedIn);
  }

  bringUp(proposal: Proposal): void {
    void this.move(proposal, 'bring_up');
  }

  show(proposal: Proposal | null): void {
    this.host.show(proposal);
  }

  proposeOn(proposal: Proposal): void {
    void amendments.putForward(this.place, this.section, proposal.number, commandKey()).then((result) => {
      if (result.ok) this.host.write(result.value);
      else tell(sayProblem(result), 'refused');
    });
  }

  withdraw(proposal: Proposal): void {
    void this.askToWithdraw(proposal);
  }

  private async askToWithdraw(proposal: Proposal): Promise<void> {
    const reply = await ask({
      title: w.proposals.withdrawTitle(proposal.number),
      hint: w.proposals.withdrawHint,
      yes: w.proposals.withdraw,
      no: w.proposals.keep,
    });
    if (!reply.yes) return;
    const result = await api.withdrawProposal(this.host.session.slug, proposal.number, commandKey());
    if (!result.ok) tell(sayProblem(result), 'refused');
    await this.moved();
  }

  copy(proposal: Proposal): void {
    if (proposal.canonical === null) return;
    void copyText(proposal.canonical).then((done) => {
      if (done) tell(w.proposals.copied);
    });
  }

  protected override render(): TemplateResult {
    const shown = this.proposals.filter((p) => isShown(p) && (p.amendment?.untouched !== true || p.amendment.left.length > 0));
    const uncontested = shown.filter((p) => p.amendment?.uncontested === true).length;
    return html`<div class="proposals">
      ${this.problem === null ? nothing : html`<p class="problem">${this.problem}</p>`}
      ${this.mayDecide && uncontested > 1
        ? html`<button class="small main all" @click=${this.adoptAll}>${w.amend.adoptAll(uncontested)}</button>`
        : nothing}
      ${shown.map((p) => proposalCard(p, this))}
    </div>`;
  }
}
customElements.define('bossey-proposals', ProposalsElement);
