// The report: outline, the whole text, the chair's line. Opens the sections' documents, leads the cursor from one
// section into the next, and knows which section is the current one.
import { html, nothing } from 'lit';
import type { PropertyValues, TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { Report, Section, SectionDocument } from '../connection';
import { closingBanner, onRoll } from '../closing/closing-banner';
import { chosenWords, correctingBar, fileCorrection } from '../closing/correcting';
import type { Chosen } from '../closing/correcting';
import { isClosedPhase } from '../closing/phase';
import { Chair } from '../consensus/chair';
import { chairBar } from '../consensus/chair-bar';
import { reportLine } from '../consensus/report-line';
import { disclaimerToShow, nextUnsettled } from '../consensus/status';
import type { SectionEditor } from '../editor';
import { tell } from './announcer';
import { ask } from './dialog';
import type { GroupSession } from './group-session';
import { LiveFacts } from './live-facts';
import { changeOutline } from './outline';
import type { SectionElement, SectionHost } from './section-element';
import './section-element';
import type { Toolbar } from './toolbar';
import './toolbar';
import { privacyLine } from '../room/privacy';
import { openReviews } from '../room/open-reviews';
import { Spanning } from './spanning';
import { View } from './view';
import { w } from './words';

const rememberAfter = 400;
/** By these the person scrolls. */
const ownMoves = ['wheel', 'touchmove', 'keydown', 'pointerdown'] as const;

class ReportElement extends View implements SectionHost {
  static override readonly properties = {
    session: { attribute: false },
    slug: { attribute: false },
    section: { attribute: false },
  };
  declare session: GroupSession;
  declare slug: string;
  declare section: string | null;
  chair!: Chair;
  readonly spanning = new Spanning(this, () => this.sectionElements(), () => this.sectionElements().forEach((element) => element.settle()));
  private readonly documents = new Map<string, SectionDocument>();
  private readonly facts = new LiveFacts(this.again);
  private readonly closed = new Map<string, boolean>();
  private readonly followed = new Map<string, () => void>();
  private shownReport: { readonly from: Report; readonly report: Report } | null = null;
  private current: string | null = null;
  private active: SectionEditor | null = null;
  private activeSection: string | null = null;
  /** The words of a proposal are written: the outline is not split by them. */
  private isBeside = false;
  private revision = 0;
  private toolbarRevision = 0;
  private shownSection: string | null = null;
  /** Where the person was on this page before going on: the way back leads there. */
  private returned: string | null = null;
  /** The page scrolled by itself: a section near the end stays the current one although it cannot come to the top. */
  private isSent = false;
  private remembering: ReturnType<typeof setTimeout> | undefined;
  private scrolling = 0;
  private openedFor = '';
  private chosen: Chosen | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('keydown', this.onKey);
    window.addEventListener('scroll', this.onScroll, { passive: true });
    window.addEventListener('popstate', this.onArrival);
    for (const name of ownMoves) window.addEventListener(name, this.onOwnMove, { passive: true });
    document.addEventListener('copy', this.onCopy);
    document.addEventListener('selectionchange', this.onSelection);
    this.onArrival();
    this.until(() => {
      window.removeEventListener('popstate', this.onArrival);
      for (const name of ownMoves) window.removeEventListener(name, this.onOwnMove);
      clearTimeout(this.remembering);
      window.removeEventListener('keydown', this.onKey);
      window.removeEventListener('scroll', this.onScroll);
      document.removeEventListener('copy', this.onCopy);
      document.removeEventListener('selectionchange', this.onSelection);
      for (const stop of this.followed.values()) stop();
      this.followed.clear();
      for (const document of this.documents.values()) this.session.live.release(document.name);
      this.documents.clear();
      this.session.live.setPlace(null);
      this.spanning.stop();
    });
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const key = `${this.session.slug}/${this.slug}`;
    if (key !== this.openedFor) {
      this.openedFor = key;
      this.chair = new Chair(this.session, { group: this.session.slug, report: this.slug }, () => this.raise(), (id) => this.documents.get(id) ?? null);
      this.until(this.session.onChange(() => this.raise()));
      void this.session.openReport(this.slug);
    }
    if (changed.has('section')) this.onArrival();
    this.openDocuments();
  }

  private raise(): void {
    this.revision += 1;
    this.requestUpdate();
  }

  /** The report with what the living texts say of titles and brackets. */
  private get report(): Report | null {
    const { report } = this.session;
    if (report?.slug !== this.slug) return null;
    const sections = report.sections.map((section) => this.facts.over(section));
    const known = this.shownReport;
    if (known?.from === report && sections.every((section, index) => known.report.sections[index] === section)) return known.report;
    this.shownReport = { from: report, report: { ...report, sections } };
    return this.shownReport.report;
  }

  private openDocuments(): void {
    const { report } = this;
    if (report === null) return;
    for (const section of report.sections) {
      let document = this.documents.get(section.id);
      if (document === undefined) {
        document = this.session.live.open(section.document);
        this.documents.set(section.id, document);
        this.followed.set(section.id, this.facts.follow(section.id, document));
        document.events.on('state', () => {
          if (this.shownSection !== this.addressed) this.requestUpdate();
        });
      }
      // Told once for each change: the live event comes sooner, and an old fact must not undo it.
      if (this.closed.get(section.id) !== section.status.closed) {
        this.closed.set(section.id, section.status.closed);
        document.setClosed(section.status.closed);
      }
    }
    for (const [id, document] of this.documents) {
      if (report.sections.some((s) => s.id === id)) continue;
      this.followed.get(id)?.();
      this.followed.delete(id);
      this.session.live.release(document.name);
      this.documents.delete(id);
    }
  }

  protected override updated(): void {
    const { report } = this;
    if (report === null) return;
    document.title = report.title;
    openReviews(this.session, report);
    this.showAddressed(report);
    if (this.current === null) this.onScroll();
  }

  /** A link, a reload, or the way back: the section to be shown is looked up again. */
  private readonly onArrival = (): void => {
    const { at } = (history.state ?? {}) as { at?: unknown };
    this.returned = typeof at === 'string' ? at : null;
    this.shownSection = null;
    this.requestUpdate();
  };

  private readonly onOwnMove = (event: Event): void => {
    // A key of the chair's moved the page by itself.
    if (!event.defaultPrevented) this.isSent = false;
  };

  private get addressed(): string | null {
    return this.returned ?? this.section;
  }

  private rememberPlace(): void {
    clearTimeout(this.remembering);
    this.remembering = setTimeout(() => history.replaceState({ at: this.current }, ''), rememberAfter);
  }

  /** Goes to the section the address names, and stays with it while the texts above it arrive. */
  private showAddressed(report: Report): void {
    const { addressed } = this;
    if (addressed === null || this.shownSection === addressed) return;
    const element = document.getElementById(addressed);
    if (element === null) return;
    element.scrollIntoView({ block: 'start' });
    this.isSent = true;
    this.setCurrent(addressed);
    const index = report.sections.findIndex((s) => s.id === addressed);
    const above = report.sections.slice(0, index + 1);
    if (above.every((s) => this.documents.get(s.id)?.ready === true)) this.shownSection = addressed;
  }

  private setCurrent(section: string | null): void {
    if (this.current === section) return;
    this.current = section;
    if (this.shownSection === this.addressed) this.rememberPlace();
    this.requestUpdate();
  }

  // --- SectionHost ---

  cross(from: string, step: 1 | -1): boolean {
    const sections = this.report?.sections ?? [];
    const next = sections[sections.findIndex((s) => s.id === from) + step];
    if (next === undefined) return false;
    const element = document.getElementById(next.id) as SectionElement | null;
    element?.enter(step === 1 ? 'title' : 'end');
    return element !== null;
  }

  /** What was pointed at stays current until the person scrolls. */
  pointed(section: string): void {
    this.isSent = true;
    this.setCurrent(section);
  }

  entered(section: string, editor: SectionEditor | null, beside = false): void {
    this.setCurrent(section);
    this.active = editor;
    this.isBeside = beside;
    this.activeSection = section;
    this.session.live.setPlace(section);
    this.moved();
  }

  left(section: string): void {
    if (this.activeSection !== section) return;
    // Leaving for the toolbar's own field is no leaving.
    setTimeout(() => {
      const focused = document.activeElement;
      if (this.activeSection !== section || focused?.closest('bossey-toolbar') != null) return;
      const element = document.getElementById(section);
      if (element !== null && element.contains(focused) && focused !== element) return;
      this.active = null;
      this.activeSection = null;
      this.session.live.setPlace(null);
      this.requestUpdate();
    });
  }

  moved(): void {
    this.toolbarRevision += 1;
    this.requestUpdate();
  }

  askForLink(): void {
    this.querySelector<Toolbar>('bossey-toolbar')?.openLink();
  }

  // --- keys ---

  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.repeat || isWriting(event.target)) return;
    if (!this.session.can('decide') || isClosedPhase(this.session.report) || document.querySelector('dialog[open]') !== null) return;
    const section = this.report?.sections.find((s) => s.id === this.current);
    const key = event.key.toLowerCase();
    if (!'arblnu'.includes(key) || key.length !== 1) return;
    event.preventDefault();
    if (key === 'n') this.goNext();
    else if (key === 'u') this.undoLast();
    else if (section === undefined) tell(w.decide.nothingToDecide, 'refused');
    else if (key === 'l') this.leaveForLater();
    else this.decide(key === 'a' ? 'agree' : key === 'r' ? 'adref' : 'bracket', section);
  };

  private decide(kind: 'agree' | 'adref' | 'bracket', section: Section): void {
    const live = this.documents.get(section.id);
    if (section.status.closed || live === undefined) return tell(`${section.number} ${section.status.line}`, 'refused');
    if (kind === 'agree') void this.chair.agree(section);
    else if (kind === 'adref') void this.chair.adRef(section);
    else void this.chair.bracket(section);
  }

  private readonly undoLast = (): void => {
    const { last } = this.chair;
    if (last !== null) void this.chair.undo(last.section);
    else if (this.current !== null) void this.chair.undo(this.current);
  };

  later(section: string): void {
    this.setCurrent(section);
    this.chair.leaveForLater(section);
    this.goNext();
  }

  private readonly leaveForLater = (): void => {
    if (this.current !== null) this.later(this.current);
  };

  private readonly goNext = (): void => {
    const next = nextUnsettled(this.report?.sections ?? [], this.chair.later, this.current);
    if (next === null) return tell(w.decide.nothingLeft);
    const element = document.getElementById(next.id);
    element?.scrollIntoView({ block: 'start' });
    this.isSent = true;
    element?.focus({ preventScroll: true });
    this.setCurrent(next.id);
  };

  private readonly onScroll = (): void => {
    if (this.scrolling !== 0 || this.activeSection !== null || this.isSent) return;
    this.scrolling = requestAnimationFrame(() => {
      this.scrolling = 0;
      if (this.isSent) return;
      const line = window.innerHeight * 0.3;
      let found: string | null = null;
      for (const element of this.querySelectorAll('bossey-section')) {
        if (element.getBoundingClientRect().top > line) break;
        found = element.id;
      }
      this.setCurrent(found ?? this.current ?? this.report?.sections[0]?.id ?? null);
    });
  };

  private sectionElements(): readonly SectionElement[] {
    return [...this.querySelectorAll<SectionElement>('bossey-section')];
  }

  /** What is copied from a text not agreed carries its short disclaimer; inside an editor the editor sees to it. */
  private readonly onCopy = (event: ClipboardEvent): void => {
    if (!event.defaultPrevented && !isWriting(event.target)) this.spanning.copy(event);
  };

  /** In the editorial window words are selected to be corrected. */
  private readonly onSelection = (): void => {
    const open = this.session.report?.phaseName === 'editorial_window' && onRoll(this.session);
    const chosen = open ? chosenWords(document.getSelection()) : null;
    if (chosen?.words === this.chosen?.words && chosen?.section === this.chosen?.section) return;
    this.chosen = chosen;
    this.requestUpdate();
  };

  private async correct(): Promise<void> {
    const { chosen, report } = this;
    if (chosen === null || report === null) return;
    await fileCorrection({ group: this.session.slug, report: this.slug }, report, chosen);
  }

  private async split(block: number): Promise<void> {
    const section = this.activeSection;
    if (section === null) return;
    const reply = await ask({
      title: w.outline.splitTitle,
      hint: w.outline.splitHint,
      body: html`<label>${w.outline.newTitle}<input name="title" maxlength="300" required autocomplete="off" dir="auto" /></label>`,
      yes: w.outline.splitDo,
    });
    const title = (reply.fields.get('title') ?? '').trim();
    if (reply.yes && title !== '') await changeOutline(this.session, { command: 'split', section, at_block: block, title });
  }

  private renderSections(report: Report): unknown {
    return repeat(
      report.sections,
      (section) => section.id,
      (section, index) =>
        html`<bossey-section
          class="depth-${Math.min(3, section.depth)} kind-${section.kind}"
          .section=${section}
          .document=${this.documents.get(section.id)}
          .host=${this as SectionHost}
          .disclaimer=${disclaimerToShow(report.sections, index)}
          .current=${section.id === this.current}
          .revision=${this.revision}
        ></bossey-section>`,
    );
  }

  protected override render(): TemplateResult {
    const { report, session } = this;
    if (report === null) return html`<main class="sheet"><p class="hint">${w.loading}</p></main>`;
    const mayWrite = session.can('write');
    return html`<div class="desk">
        <aside class="beside"><bossey-outline .session=${session} .report=${report} .current=${this.current}></bossey-outline></aside>
        <main class="paper">
          <h1 dir="auto">${report.title}</h1>
          <p class="report-line">
            ${report.shortDisclaimer === '' ? nothing : html`<bdi class="short">${report.shortDisclaimer}</bdi>`}
            <bdi>${report.chapterLine}</bdi>
            ${reportLine(report, session)}
          </p>
          ${closingBanner(report, session)} ${this.renderSections(report)}
          <footer class="privacy">
            <p dir="auto">${session.group === null ? '' : privacyLine(session.group)}</p>
            ${mayWrite ? html`<p>${w.help}</p>` : nothing} ${session.can('decide') ? html`<p>${w.decide.keys}</p>` : nothing}
          </footer>
        </main>
      </div>
      <div class="foot">
        <bossey-toolbar
          .editor=${mayWrite ? this.active : null}
          .revision=${this.toolbarRevision}
          .splitter=${session.can('outline') && !this.isBeside ? (block: number) => void this.split(block) : null}
        ></bossey-toolbar>
        ${correctingBar(this.chosen, () => void this.correct())}
        ${session.can('decide') && !isClosedPhase(report)
          ? chairBar({ report, session, chair: this.chair, next: this.goNext, undo: this.undoLast })
          : nothing}
      </div>`;
  }
}
customElements.define('bossey-report', ReportElement);

function isWriting(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select'));
}
