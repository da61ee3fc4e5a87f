// Writing a proposal, in the place of the section's text: a living document of its own that others may write with. The
// text itself stays as it is and comes back with "Done". One at a time in a section; a reload comes back to it.
import { html, nothing } from 'lit';
import type { PropertyValues, TemplateResult } from 'lit';
import type { Proposal, Section, SectionDocument, Strength } from '../connection';
import { amendments, commandKey, strengths } from '../connection';
import { readBody, SectionEditor, TitleField } from '../editor';
import { tell, tellWith } from '../ui/announcer';
import type { GroupSession } from '../ui/group-session';
import { View } from '../ui/view';
import { sayProblem, w } from '../ui/words';

/** What it asks of the section around it. */
export interface ProposingHost {
  readonly session: GroupSession;
  entered(editor: SectionEditor | null): void;
  left(): void;
  moved(): void;
  askForLink(): void;
  done(): void;
}

const keyOf = (session: GroupSession, section: string): string => `bossey-proposing-${session.slug}-${section}`;

/** The proposal that this tab is writing in a section. */
export function rememberedProposal(session: GroupSession, section: Section): number | null {
  const number = Number(sessionStorage.getItem(keyOf(session, section.id)));
  const known = section.proposals.some((p) => p.number === number && (p.state === 'open' || p.state === 'set_aside'));
  return number > 0 && known ? number : null;
}

export function rememberProposal(session: GroupSession, section: string, number: number | null): void {
  if (number === null) sessionStorage.removeItem(keyOf(session, section));
  else sessionStorage.setItem(keyOf(session, section), String(number));
}

export const documentOf = (session: GroupSession, number: number): string => `proposal/${session.slug}/${number}`;

class ProposingElement extends View {
  static override readonly properties = {
    number: { attribute: false },
    proposal: { attribute: false },
    host: { attribute: false },
  };
  declare number: number;
  /** Its facts, once they are known. */
  declare proposal: Proposal | null;
  declare host: ProposingHost;
  private document: SectionDocument | null = null;
  private editor: SectionEditor | null = null;
  private heading: TitleField | null = null;
  private wanted = true;

  private get live(): SectionDocument {
    const { session } = this.host;
    if (this.document === null) {
      const document = session.live.open(documentOf(session, this.number));
      this.document = document;
      this.until(() => session.live.release(document.name));
      this.until(document.events.on('state', this.again));
      this.until(document.events.on('people', this.again));
      this.until(
        document.events.on('replaced', () => {
          this.unmount();
          this.requestUpdate();
        }),
      );
      this.until(document.events.on('late', ({ message }) => tellWith({ text: message, tone: 'plain', stays: true })));
      this.until(document.events.on('kept', ({ message }) => tellWith({ text: message, tone: 'plain', stays: true })));
      this.until(
        document.events.on('refused', ({ lost, message }) =>
          tellWith({ text: `${message} ${w.proposals.lost}`.trim(), tone: 'refused', keep: lost }),
        ),
      );
    }
    return this.document;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.requestUpdate();
  }

  /** What was still to be drawn when it left the page would open the document again, and a second editor on it. */
  protected override shouldUpdate(): boolean {
    return this.isConnected;
  }

  get writable(): boolean {
    const { live } = this;
    return live.writable && live.ready && this.host.session.can('write');
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('number') && changed.get('number') !== undefined) this.unmount();
    this.mount();
    this.heading?.setEditable(this.writable);
    this.editor?.refresh();
  }

  private mount(): void {
    const { live } = this;
    const place = this.querySelector<HTMLElement>('.words-of-proposal');
    const line = this.querySelector<HTMLElement>('.title-of-proposal');
    if (place === null || line === null || !live.ready) return;
    this.heading ??= new TitleField(line, live.replica.title, {
      cross: () => false,
      extend: () => undefined,
      selectReport: () => undefined,
      enterText: () => this.editor?.focus('start'),
      escape: () => line.blur(),
      focusChanged: (focused) => (focused ? this.host.entered(null) : this.host.left()),
    });
    if (this.editor !== null || readBody(live.replica.body).unknown.length > 0) return;
    const { me } = this.host.session;
    this.editor = new SectionEditor(place, live.replica, {
      label: w.proposals.card(this.number),
      disclaimer: () => w.amend.notAgreed,
      writer: { name: me.name, person: me.id },
      editable: () => this.writable,
      cross: () => false,
      extend: () => undefined,
      selectReport: () => undefined,
      escape: () => this.querySelector<HTMLElement>('button')?.focus(),
      askForLink: () => this.host.askForLink(),
      focusChanged: (focused) => (focused ? this.host.entered(this.editor) : this.host.left()),
      moved: () => this.host.moved(),
      mustEnd: () => this.unmount(),
      picturesDropped: (count) => tell(w.tools.pictures(count)),
    });
    if (this.wanted && this.writable) this.editor.focus('start');
    this.wanted = false;
  }

  private unmount(): void {
    const { editor, heading } = this;
    this.editor = null;
    this.heading = null;
    editor?.destroy();
    heading?.destroy();
  }

  private get others(): readonly string[] {
    const { awareness, doc } = this.live.replica;
    const names = new Set<string>();
    for (const [client, state] of awareness.getStates()) {
      const user = (state as { user?: { name?: unknown } }).user;
      if (client !== doc.clientID && typeof user?.name === 'string') names.add(user.name);
    }
    return [...names];
  }

  private async describe(more: { readonly strength?: Strength; readonly signed_by?: string }): Promise<void> {
    const result = await amendments.move(this.host.session.slug, this.number, 'describe', commandKey(), more);
    if (result.ok) this.proposal = result.value;
    else tell(sayProblem(result), 'refused');
  }

  private renderDescription(): TemplateResult | typeof nothing {
    const facts = this.proposal?.amendment ?? null;
    if (facts === null || this.proposal?.mine !== true) return nothing;
    return html`<div class="description">
      <fieldset class="strength">
        <legend>${w.amend.strength}</legend>
        ${strengths.map(
          (one) => html`<label class="choice"
            ><input
              type="radio"
              name="strength-${this.number}"
              value=${one}
              .checked=${facts.strength === one}
              @change=${() => void this.describe({ strength: one })}
            />${w.amend.strengths[one]}</label
          >`,
        )}
      </fieldset>
      <label class="signature"
        >${w.amend.signedBy}<input
          maxlength="100"
          autocomplete="off"
          dir="auto"
          placeholder=${w.proposals.unsigned}
          .value=${facts.signedBy ?? ''}
          @change=${(event: Event) => void this.describe({ signed_by: (event.target as HTMLInputElement).value.trim() })}
      /></label>
    </div>`;
  }

  protected override render(): TemplateResult {
    const { live } = this;
    const { others } = this;
    return html`<section class="proposing" aria-label=${w.amend.writing(this.number)}>
      <div class="bar">
        <strong>${w.amend.writing(this.number)}</strong>
        <span class="hint">${this.writable || !live.ready ? w.amend.writingHint : w.amend.reading}</span>
        ${others.length > 0 ? html`<span class="writers"><bdi>${w.people.writing(others.join(', '), others.length)}</bdi></span>` : nothing}
        <button class="small main" @click=${() => this.host.done()}>${w.amend.done}</button>
      </div>
      <h4 class="title-of-proposal" dir="auto" data-empty=${w.status.titleEmpty}></h4>
      ${live.ready || live.denied ? nothing : html`<p class="hint">${w.status.loading}</p>`}
      ${live.denied ? html`<p class="problem">${w.status.denied}</p>` : nothing}
      <div class="text words-of-proposal"></div>
      ${this.renderDescription()}
    </section>`;
  }

  override disconnectedCallback(): void {
    this.unmount();
    super.disconnectedCallback();
    this.document = null;
  }
}
customElements.define('bossey-proposing', ProposingElement);
