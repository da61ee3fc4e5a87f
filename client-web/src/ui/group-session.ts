// What the page holds of one group while the person is in it: the group's facts, its live connection, its open report.
import { api, consensusApi, Live } from '../connection';
import type { Call, Group, Me, Pause, PauseState, Problem, Report, Section, ServerEvent } from '../connection';
import { speak } from './announcer';
import { w } from './words';

type Listener = () => void;

const lookAgainEvery = 10_000;

export class GroupSession {
  group: Group | null = null;
  problem: Problem | null = null;
  report: Report | null = null;
  /** The server's own trouble, as "Not saved: the server's disk is full." */
  trouble: string | null = null;
  /** “Any objection?” as it is being asked now. */
  pauses: readonly Pause[] = [];
  /** How pauses ended that this page has heard of. */
  readonly endedPauses = new Map<string, PauseState>();
  /** How often this page heard that brackets of a section were spoken of, by section. */
  readonly bracketsHeard = new Map<string, number>();
  /** Sections whose positions moved, and how often: who may see some of them asks again. */
  readonly positionsHeard = new Map<string, number>();
  /** Calls for consensus, newest first. */
  calls: readonly Call[] = [];
  readonly live: Live;
  /** Grows when corrections, versions or the phase of the open report changed. */
  closingChanges = 0;
  /** Numbers of this person's own proposals, which events do not tell. */
  private readonly mine = new Set<number>();
  private readonly listeners = new Set<Listener>();
  private reportSlug: string | null = null;
  private fetching: Promise<void> | null = null;
  private stale = false;
  private ended = false;
  private wasOnline = false;
  private asking: ReturnType<typeof setTimeout> | undefined;

  constructor(
    readonly me: Me,
    readonly slug: string,
    visible: boolean,
    private readonly accessChanged: () => void,
    private offline: boolean,
  ) {
    this.live = new Live(me, slug, visible);
    this.live.events.on('stranger', accessChanged);
    this.live.events.on('event', (event) => this.hear(event));
    this.live.events.on('sign', (sign) => {
      const online = sign.type !== 'offline' && sign.type !== 'connecting';
      // What was said while the connection was down was missed.
      if (online && !this.wasOnline) {
        this.closingChanges += 1;
        void this.refresh();
      }
      this.wasOnline = online;
      this.changed();
    });
    this.live.events.on('people', () => this.changed());
    this.live.setPlace(null);
    if (this.offline) void this.takeKept();
    void this.refresh();
  }

  /** No server: the group, its report and their texts as this browser kept them. */
  private async takeKept(): Promise<void> {
    const texts = await this.live.texts();
    if (texts === null || this.ended) return;
    this.group ??= await texts.group(this.slug);
    const slug = this.reportSlug;
    if (slug !== null && this.report === null) {
      const report = await texts.report(this.slug, slug);
      if (slug === this.reportSlug) this.report ??= report;
    }
    if (this.group === null || this.ended) return;
    this.problem = null;
    await this.live.showKeptTexts();
    this.changed();
  }

  /** Who was asked to leave hears nothing of the end of a closed meeting: the page asks. */
  private lookAgain(): void {
    clearTimeout(this.asking);
    if (this.group?.closedMeeting === true) this.asking = setTimeout(() => void this.refresh(), lookAgainEvery);
  }

  can(ability: string): boolean {
    return this.group?.can.includes(ability) ?? false;
  }

  onChange(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private changed(): void {
    for (const listener of [...this.listeners]) listener();
  }

  async refresh(): Promise<void> {
    await this.refreshGroup();
    void this.fetchCalls();
    if (this.reportSlug !== null && this.group?.closedMeeting !== true) await this.fetchReport();
  }

  /** The group's own facts alone: people come and go by the dozen when a meeting begins. */
  private async refreshGroup(): Promise<void> {
    const result = await api.group(this.slug);
    if (this.ended) return;
    if (result.ok) {
      const isLetIn = this.group?.closedMeeting === true && !result.value.closedMeeting;
      this.group = result.value;
      this.problem = null;
      this.lookAgain();
      // Every document was taken away: the page begins anew. Whoever may only read has nothing unsent.
      if (isLetIn) location.reload();
      this.offline = false;
      void this.live.texts().then((texts) => texts?.putGroup(result.value));
    } else {
      if (result.problem === 'unreachable') await this.takeKept();
      if (this.group === null || result.problem === 'not_found' || result.problem === 'signed_out') {
        this.problem = result.problem;
        if (result.problem === 'signed_out') this.accessChanged();
        if (result.problem === 'not_found') void this.live.texts().then((texts) => texts?.dropGroup(this.slug));
      }
    }
    this.changed();
  }

  /** Shown to somebody on the roll, a call has reached them. */
  async fetchCalls(): Promise<void> {
    const result = await consensusApi.calls(this.slug);
    if (this.ended || !result.ok) return;
    this.calls = result.value;
    for (const call of this.calls)
      if (call.mine?.column === 'not yet reached' && (call.state === 'open' || call.state === 'waiting')) void consensusApi.markCall(this.slug, call.number, {});
    this.changed();
  }

  /** Opens a report; the model then follows the events until another one is opened. */
  async openReport(slug: string): Promise<void> {
    if (this.reportSlug !== slug) {
      this.reportSlug = slug;
      this.report = null;
      this.problem = null;
      if (this.offline) void this.takeKept();
    }
    await this.fetchReport();
  }

  /** One fetch at a time; what changes meanwhile is fetched right after. */
  async fetchReport(): Promise<void> {
    if (this.fetching !== null) {
      this.stale = true;
      return this.fetching;
    }
    this.fetching = this.fetchUntilFresh();
    await this.fetching;
    this.fetching = null;
  }

  private async fetchUntilFresh(): Promise<void> {
    do {
      this.stale = false;
      const slug = this.reportSlug;
      if (slug === null) return;
      const result = await api.report({ group: this.slug, report: slug });
      if (this.ended) return;
      if (slug !== this.reportSlug) this.stale = true;
      else if (result.ok) {
        this.report = result.value;
        for (const { proposals } of result.value.sections) for (const p of proposals) if (p.mine) this.mine.add(p.number);
        this.pauses = result.value.pauses.filter((p) => !this.endedPauses.has(p.id));
        this.problem = null;
        void this.live.texts().then((texts) => texts?.putReport(this.slug, result.value));
      } else if (result.problem === 'not_found') {
        this.problem = result.problem;
        void this.live.texts().then((texts) => texts?.dropReport(this.slug, slug));
      } else if (this.report === null) {
        if (result.problem === 'unreachable') await this.takeKept();
        if (this.report === null) this.problem = result.problem;
      }
    } while (this.stale);
    this.changed();
  }

  private hear(event: ServerEvent): void {
    switch (event.type) {
      case 'section':
        if (event.report === this.reportSlug) this.takeSection(event.section);
        break;
      case 'outline':
        if (event.report === this.reportSlug) void this.fetchReport();
        break;
      case 'closing':
        if (event.report === this.reportSlug) {
          this.closingChanges += 1;
          void this.fetchReport();
        }
        break;
      case 'report':
        void this.refresh();
        break;
      case 'meeting':
      case 'rules':
        void this.refreshGroup();
        break;
      case 'positions':
      case 'asks':
        this.positionsHeard.set(event.section, (this.positionsHeard.get(event.section) ?? 0) + 1);
        this.changed();
        break;
      case 'call':
        void this.fetchCalls();
        break;
      case 'pause':
        this.hearPause(event.pause, event.state);
        break;
      case 'brackets':
        this.bracketsHeard.set(event.section, (this.bracketsHeard.get(event.section) ?? 0) + 1);
        this.changed();
        break;
      case 'access':
        this.accessChanged();
        void this.refresh();
        break;
      case 'trouble':
        this.trouble = event.message;
        this.changed();
        break;
      case 'recovered':
        this.trouble = null;
        this.changed();
        break;
      default:
        break;
    }
  }

  private hearPause(pause: Pause, state: PauseState): void {
    this.pauses = this.pauses.filter((p) => p.id !== pause.id);
    if (state === 'began') {
      this.pauses = [...this.pauses, pause];
      speak(w.decide.anyObjection);
    } else {
      this.endedPauses.set(pause.id, state);
      if (state !== 'decided') speak(w.decide.pauseEnded[state]);
    }
    this.changed();
  }

  /** A section's facts moved. `mine` is unknown in an event: what this person owned stays theirs. */
  takeSection(section: Section): void {
    const report = this.report;
    if (report === null) return;
    const before = report.sections.find((s) => s.id === section.id);
    if (before === undefined) {
      void this.fetchReport();
      return;
    }
    const { mine } = this;
    // One without a changed word is in no event, for it is its author's alone.
    const own = before.proposals.filter((p) => p.mine && p.kind === 'amendment' && section.proposals.every((q) => q.number !== p.number));
    const merged: Section = {
      ...section,
      proposals: [...section.proposals.map((p) => ({ ...p, mine: p.mine || mine.has(p.number) })), ...own],
    };
    const statusMoved = before.status.mark !== section.status.mark || before.status.fresh !== section.status.fresh;
    this.report = { ...report, sections: report.sections.map((s) => (s.id === section.id ? merged : s)) };
    if (statusMoved) {
      speak(w.status.heard(section.number === '' ? section.title : section.number, section.status.fresh ? section.status.name : w.status.changedSince));
      // Chapter lines and counts of other sections depend on this one.
      void this.fetchReport();
    }
    this.changed();
  }

  end(): void {
    this.ended = true;
    clearTimeout(this.asking);
    this.listeners.clear();
    this.live.end();
  }
}
