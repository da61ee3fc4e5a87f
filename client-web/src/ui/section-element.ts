// One section of the report page: heading, status line, disclaimer and text. The text is a static rendering until
// somebody writes here or another person's cursor comes in; then an editor takes its place without moving a line.
import { html, nothing } from 'lit';
import type { PropertyValues, TemplateResult } from 'lit';
import { sectionLabels } from '../closing/closing-banner';
import { isClosedPhase } from '../closing/phase';
import { selectedWords } from '../consensus/brackets';
import { originOf } from '../consensus/origin';
import { positionsOf } from '../consensus/positions';
import { proposalsOf } from '../consensus/proposals';
import { SectionProposing } from './section-proposing';
import { statusLine } from '../consensus/status-line';
import type { Chair } from '../consensus/chair';
import type { Section, SectionDocument } from '../connection';
import { readBody, renderStatic, SectionEditor, TitleField } from '../editor';
import type { EditorPlace, Reading } from '../editor';
import { tell, tellWith } from './announcer';
import type { GroupSession } from './group-session';
import { paths } from './router';
import type { Spanning } from './spanning';
import { View } from './view';
import { w } from './words';

/** What a section asks of the page around it. */
export interface SectionHost {
  readonly session: GroupSession;
  readonly slug: string;
  readonly chair: Chair;
  cross(from: string, step: 1 | -1): boolean;
  /** A selection over several sections stands: none is written meanwhile. */
  readonly spanning: Spanning;
  /** The person pointed at something of the section: it is the current one. */
  pointed(section: string): void;
  /** `beside`: the words of a proposal are written, not the section's. */
  entered(section: string, editor: SectionEditor | null, beside?: boolean): void;
  left(section: string): void;
  moved(): void;
  askForLink(): void;
  /** The chair parks this section. */
  later(section: string): void;
}

const restBeforeUnmount = 20_000;

export class SectionElement extends View {
  static override readonly properties = {
    section: { attribute: false },
    document: { attribute: false },
    host: { attribute: false },
    disclaimer: { attribute: false },
    current: { attribute: false },
    revision: { attribute: false },
  };
  declare section: Section;
  declare document: SectionDocument;
  declare host: SectionHost;
  declare disclaimer: string | null;
  declare current: boolean;
  /** Raised by the page when facts beside the section (the chair's, the connection's) moved. */
  declare revision: number;

  editor: SectionEditor | null = null;
  private titleField: TitleField | null = null;
  private reading: Reading | null = null;
  private drawing = 0;
  private resting: ReturnType<typeof setTimeout> | undefined;
  private bound: SectionDocument | null = null;
  private keptWords = 0;
  /** The brackets that are shown: at this height of the section, one or all. */
  private bracketsShown: { readonly mark: string | null; readonly top: number | null } | null = null;
  private readonly proposing = new SectionProposing(() => this.section, () => this.host, () => this.requestUpdate());

  override connectedCallback(): void {
    super.connectedCallback();
    this.tabIndex = -1;
    this.addEventListener('keydown', this.onKey);
    this.addEventListener('click', this.onPoint);
  }

  get writable(): boolean {
    const { document: live, section, host } = this;
    const known = !section.unknown && (this.reading?.unknown.length ?? 0) === 0;
    return live.writable && live.ready && known && !host.spanning.active && !section.status.closed && host.session.can('write');
  }

  /** What a copied excerpt carries; '' for agreed text. */
  get shortDisclaimer(): string {
    const { disclaimer, shortDisclaimer, status } = this.section;
    if (disclaimer === null) return '';
    return shortDisclaimer === '' ? `${status.name}, ${w.status.notAgreed}` : shortDisclaimer;
  }

  get heading(): string {
    return w.toSection(this.section.number, this.document.replica.title.toString());
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('document') && this.bound !== this.document) this.bind();
    this.id = this.section.id;
    this.classList.toggle('now', this.current);
    this.classList.toggle('closed', this.section.status.closed);
    this.settle();
  }

  private bind(): void {
    const live = this.document;
    this.bound = live;
    this.until(live.events.on('change', () => this.draw()));
    this.until(live.events.on('state', () => this.requestUpdate()));
    this.until(live.events.on('people', () => this.peopleMoved()));
    this.until(
      live.events.on('replaced', () => {
        this.unmount();
        this.titleField?.destroy();
        this.titleField = null;
        this.draw();
        this.requestUpdate();
      }),
    );
    this.until(
      live.events.on('late', (kept) => {
        this.tellKept(kept);
        void this.host.session.fetchReport();
      }),
    );
    // The card comes with the section's event, once its words can be read.
    this.until(
      live.events.on('kept', (kept) => {
        this.keptWords += 1;
        this.tellKept(kept);
        this.requestUpdate();
      }),
    );
    this.until(live.events.on('refused', ({ lost, message }) => tellWith({ text: `${message} ${w.proposals.lost}`.trim(), tone: 'refused', keep: lost })));
    this.draw();
  }

  private tellKept({ proposal, message }: { readonly proposal: number; readonly message: string }): void {
    const { session, slug } = this.host;
    tellWith({
      text: message,
      tone: 'plain',
      stays: true,
      link: { href: paths.report(session.slug, slug, this.section.id), words: `${w.proposals.show} ${proposal}` },
    });
  }

  private place(): HTMLElement | null {
    // Not the words of a proposal, which stand in a place of their own above it.
    return this.querySelector<HTMLElement>(':scope > .text');
  }

  /** Editable or not, title and text alike. */
  settle(): void {
    const field = this.querySelector<HTMLElement>('.title');
    if (field !== null && this.titleField === null) {
      this.titleField = new TitleField(field, this.document.replica.title, {
        cross: (step) => this.host.cross(this.section.id, step),
        extend: (step, by) => this.host.spanning.extend(step, by),
        selectReport: () => this.host.spanning.selectAll(),
        enterText: () => this.enter('start'),
        escape: () => this.focus(),
        focusChanged: (focused) => {
          if (focused) this.host.entered(this.section.id, null);
          else this.host.left(this.section.id);
        },
      });
    }
    this.titleField?.setEditable(this.writable);
    this.editor?.refresh();
    const place = this.place();
    if (place === null) return;
    const canEnter = this.writable && this.editor === null;
    if (canEnter) {
      place.setAttribute('tabindex', '0');
      place.setAttribute('role', 'textbox');
      place.setAttribute('aria-multiline', 'true');
      place.setAttribute('aria-label', w.toSection(this.section.number, this.section.title));
    } else for (const name of ['tabindex', 'role', 'aria-multiline', 'aria-label']) place.removeAttribute(name);
  }

  /** Draws the static text, at most once a frame; an editor draws itself. */
  private draw(): void {
    if (this.editor !== null || this.drawing !== 0) return;
    this.drawing = requestAnimationFrame(() => {
      this.drawing = 0;
      const place = this.place();
      if (place === null || this.editor !== null) return;
      const wasKnown = (this.reading?.unknown.length ?? 0) === 0;
      this.reading = readBody(this.document.replica.body);
      place.replaceChildren(renderStatic(this.reading.doc));
      place.classList.toggle('empty', this.document.ready && this.reading.doc.textContent === '');
      if (wasKnown !== (this.reading.unknown.length === 0)) this.requestUpdate();
    });
  }

  /** Mounts the editor. False where the text holds what an editor would destroy. */
  private mount(): boolean {
    if (this.editor !== null) return true;
    const place = this.place();
    if (place === null || !this.document.ready) return false;
    this.reading = readBody(this.document.replica.body);
    if (this.reading.unknown.length > 0 || (this.reading.wouldPrune && !this.writable)) return false;
    const { me } = this.host.session;
    this.editor = new SectionEditor(place, this.document.replica, {
      label: w.toSection(this.section.number, this.section.title),
      disclaimer: () => this.shortDisclaimer,
      writer: { name: me.name, person: me.id },
      editable: () => this.writable,
      cross: (step) => {
        if (step === 1) return this.host.cross(this.section.id, 1);
        this.titleField?.focus();
        return this.titleField !== null;
      },
      extend: (step, by) => this.host.spanning.extend(step, by),
      selectReport: () => this.host.spanning.selectAll(),
      escape: () => this.focus(),
      askForLink: () => this.host.askForLink(),
      focusChanged: (focused) => {
        if (focused) this.host.entered(this.section.id, this.editor);
        else this.rest();
      },
      moved: () => this.host.moved(),
      mustEnd: () => this.unmount(),
      picturesDropped: (count) => tell(w.tools.pictures(count)),
    });
    place.classList.remove('empty');
    this.settle();
    return true;
  }

  private unmount(): void {
    clearTimeout(this.resting);
    const { editor } = this;
    if (editor === null) return;
    this.editor = null;
    editor.destroy();
    this.host.left(this.section.id);
    this.draw();
    this.settle();
  }

  private rest(): void {
    this.host.left(this.section.id);
    clearTimeout(this.resting);
    this.resting = setTimeout(() => {
      if (this.editor !== null && !this.editor.focused && this.others().length === 0) this.unmount();
    }, restBeforeUnmount);
  }

  /** Names of the other people whose cursor is in this text. */
  private others(): readonly string[] {
    const { awareness, doc } = this.document.replica;
    const names = new Set<string>();
    for (const [client, state] of awareness.getStates()) {
      const user = (state as { user?: { name?: unknown } }).user;
      if (client !== doc.clientID && typeof user?.name === 'string') names.add(user.name);
    }
    return [...names];
  }

  private peopleMoved(): void {
    if (this.others().length > 0) this.mount();
    else if (this.editor !== null && !this.editor.focused) this.rest();
    this.requestUpdate();
  }

  /** The cursor comes into this section: from above to its title, from below to the end of its text. */
  enter(at: 'title' | EditorPlace): void {
    if (!this.writable) {
      this.focus();
      this.scrollIntoView({ block: 'nearest' });
      this.host.entered(this.section.id, null);
      return;
    }
    if (at === 'title') this.titleField?.focus();
    else if (this.mount()) this.editor?.focus(at);
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.target !== this || event.altKey || event.ctrlKey || event.metaKey) return;
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0 && this.host.cross(this.section.id, step)) event.preventDefault();
    else if (event.key === 'Enter' && this.writable) {
      event.preventDefault();
      this.enter('start');
    }
  };

  private readonly onPoint = (event: MouseEvent): void => {
    this.host.pointed(this.section.id);
    // The sign of a bracket tells of it; where nobody may write here, its words do, too.
    const target = event.target instanceof Element ? event.target : null;
    const sign = target?.closest<HTMLElement>('.text .bracket-sign');
    const words = this.writable ? null : target?.closest<HTMLElement>('.text .bracket');
    const mark = sign?.dataset['mark'] ?? words?.dataset['id'];
    if (mark === undefined || target === null) return;
    this.showBrackets(mark, target.getBoundingClientRect().bottom - this.getBoundingClientRect().top);
  };

  private showBrackets(mark: string | null, top: number | null): void {
    this.bracketsShown = { mark, top };
    this.requestUpdate();
    void this.updateComplete.then(() => this.querySelector<HTMLElement>('bossey-brackets .close')?.focus({ preventScroll: true }));
  }

  private readonly hideBrackets = (): void => {
    this.bracketsShown = null;
    this.requestUpdate();
  };

  private bracketsCard(): TemplateResult | typeof nothing {
    const shown = this.bracketsShown;
    if (shown === null) return nothing;
    const { section, host } = this;
    const state = `${section.brackets} ${section.reasonsMissing} ${section.textId} ${host.session.bracketsHeard.get(section.id) ?? 0}`;
    return html`<bossey-brackets
      class=${shown.top === null ? '' : 'at-mark'}
      style=${shown.top === null ? '' : `inset-block-start: ${shown.top}px`}
      .session=${host.session}
      .slug=${host.slug}
      .section=${section.id}
      .mark=${shown.mark}
      .state=${state}
      .close=${this.hideBrackets}
    ></bossey-brackets>`;
  }

  private readonly onClick = (event: MouseEvent): void => {
    this.host.entered(this.section.id, this.editor);
    const selection = document.getSelection();
    const onLink = event.target instanceof Element && event.target.closest('a') !== null;
    if (this.editor !== null || onLink || (selection !== null && !selection.isCollapsed) || !this.writable) return;
    this.enter({ left: event.clientX, top: event.clientY });
  };

  private readonly onFocus = (event: FocusEvent): void => {
    // By keyboard; a click is answered at its own place.
    if (event.target === event.currentTarget && this.editor === null && this.place()?.matches(':focus-visible') === true) this.enter('start');
  };

  protected override render(): TemplateResult {
    const { section, document: live, host } = this;
    const unknown = section.unknown || (this.reading?.unknown.length ?? 0) > 0;
    return html`
      <div class="head" role="heading" aria-level=${Math.min(6, section.depth + 2)}>
        ${section.number === '' ? nothing : html`<bdi class="no">${section.number}</bdi>`}
        <span class="title" dir="auto" data-empty=${w.status.titleEmpty}></span>
      </div>
      ${statusLine({
        session: host.session,
        group: host.session.slug,
        report: host.slug,
        section,
        chair: host.chair,
        canDecide: host.session.can('decide') && !isClosedPhase(host.session.report),
        later: () => host.later(section.id),
        canRestore: host.session.can('outline') && !isClosedPhase(host.session.report),
        propose: this.proposing.canBegin ? () => void this.proposing.begin() : null,
        writers: this.others(),
        showBrackets: () => (this.bracketsShown === null ? this.showBrackets(null, null) : this.hideBrackets()),
        selected: () => selectedWords(this),
        isBelowDisclaimer: section.disclaimer !== null && this.disclaimer === null,
      })}
      ${this.bracketsCard()} ${sectionLabels(section)} ${originOf(section, host.session, host.slug)}
      ${this.disclaimer === null ? nothing : html`<p class="disclaimer" dir="auto">${this.disclaimer}</p>`}
      ${unknown ? html`<p class="problem">${w.status.unknown}</p>` : nothing}
      ${live.denied ? html`<p class="problem">${w.status.denied}</p>` : nothing}
      ${live.ready || live.denied ? nothing : html`<p class="hint waiting">${w.status.loading}</p>`}
      ${this.proposing.render()}
      <div class="text" ?hidden=${this.proposing.hidesText} data-empty=${this.writable ? w.status.emptyWrite : w.status.empty} @click=${this.onClick} @focus=${this.onFocus}></div>
      ${positionsOf(section, host.session, host.slug)} ${proposalsOf(section, this.proposing, this.keptWords)}
    `;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.removeEventListener('keydown', this.onKey);
    this.removeEventListener('click', this.onPoint);
    clearTimeout(this.resting);
    cancelAnimationFrame(this.drawing);
    this.drawing = 0;
    this.editor?.destroy();
    this.editor = null;
    this.titleField?.destroy();
    this.titleField = null;
    this.bound = null;
  }
}
customElements.define('bossey-section', SectionElement);
