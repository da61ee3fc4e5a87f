// What a section shows in the place of its text: nothing, a proposal that this person writes, or the redline of one.
// Begins proposals and ends the writing of them. Held by the section's element.
import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { amendments, api, commandKey } from '../connection';
import type { Proposal, Section } from '../connection';
import '../consensus/proposing';
import { rememberedProposal, rememberProposal } from '../consensus/proposing';
import type { ProposingHost } from '../consensus/proposing';
import type { ProposalsHost } from '../consensus/proposals';
import { redlineInline } from '../history/redline-template';
import { tell } from './announcer';
import type { GroupSession } from './group-session';
import type { SectionEditor } from '../editor';
import type { SectionHost } from './section-element';
import { sayProblem, w } from './words';

export class SectionProposing implements ProposalsHost, ProposingHost {
  inPlace: number | null = null;
  private number: number | null = null;
  private proposals: readonly Proposal[] = [];

  constructor(
    private readonly section: () => Section,
    private readonly page: () => SectionHost,
    private readonly changed: () => void,
  ) {}

  get session(): GroupSession {
    return this.page().session;
  }

  get slug(): string {
    return this.page().slug;
  }

  /** The proposal written here; a reload comes back to it. */
  get writing(): number | null {
    // A page that begins without a server may know of the proposal only later.
    this.number ??= rememberedProposal(this.session, this.section());
    return this.number;
  }

  get canBegin(): boolean {
    return this.session.can('write') && this.writing === null && this.section().status.name !== 'Withdrawn' && !this.section().unknown;
  }

  get hidesText(): boolean {
    return this.writing !== null || this.shown !== null;
  }

  private get shown(): Proposal | null {
    return this.proposals.find((p) => p.number === this.inPlace && p.redline !== null) ?? null;
  }

  async begin(): Promise<void> {
    const place = { group: this.session.slug, report: this.slug };
    const result = await amendments.putForward(place, this.section().id, null, commandKey());
    if (result.ok) this.write(result.value);
    else tell(sayProblem(result), 'refused');
  }

  write(proposal: Proposal): void {
    void this.open(proposal);
  }

  private async open(proposal: Proposal): Promise<void> {
    let fresh = proposal;
    // Whoever writes on in it sees the text as it is now, where nothing of it is overtaken.
    if (proposal.amendment?.behind === true && proposal.amendment.overtaken.length === 0) {
      const result = await amendments.move(this.session.slug, proposal.number, 'bring_up', commandKey());
      if (result.ok) fresh = result.value;
    }
    this.proposals = [...this.proposals.filter((p) => p.number !== fresh.number), fresh];
    this.number = fresh.number;
    this.inPlace = null;
    rememberProposal(this.session, this.section().id, fresh.number);
    this.changed();
    // Known to be this person's from now on, also after a reload without a server.
    void this.session.fetchReport();
  }

  show(proposal: Proposal | null): void {
    this.inPlace = proposal?.number ?? null;
    this.changed();
  }

  known(proposals: readonly Proposal[]): void {
    this.proposals = proposals;
    this.changed();
  }

  // --- ProposingHost ---

  entered(editor: SectionEditor | null): void {
    this.page().entered(this.section().id, editor, true);
  }

  left(): void {
    this.page().left(this.section().id);
  }

  moved(): void {
    this.page().moved();
  }

  askForLink(): void {
    this.page().askForLink();
  }

  done(): void {
    const { number } = this;
    this.number = null;
    rememberProposal(this.session, this.section().id, null);
    this.left();
    this.changed();
    if (number !== null) void this.sayDone(number);
  }

  private async sayDone(number: number): Promise<void> {
    void this.session.fetchReport();
    const result = await api.proposals({ group: this.session.slug, report: this.slug }, this.section().id);
    const written = result.ok ? result.value.find((p) => p.number === number) : undefined;
    if (written?.amendment?.untouched === true) tell(w.amend.nothingChanged);
    else tell(w.amend.standsBeside(number));
  }

  render(): TemplateResult | typeof nothing {
    const { writing, shown } = this;
    if (writing !== null) {
      const proposal = this.proposals.find((p) => p.number === writing) ?? null;
      return html`<bossey-proposing .number=${writing} .proposal=${proposal} .host=${this as ProposingHost}></bossey-proposing>`;
    }
    if (shown?.redline == null) return nothing;
    return html`<section class="in-place" aria-label=${w.amend.inPlace(shown.number)}>
      <div class="bar">
        <strong>${w.amend.inPlace(shown.number)}</strong>
        <button class="small" @click=${() => this.show(null)}>${w.amend.hide}</button>
      </div>
      <div class="words redline">${redlineInline(shown.redline, false)}</div>
    </section>`;
  }
}
