// The page's live connection to one group: one socket, the group's events, who is here, and the sections that are open.
// The only place that opens a WebSocket.
import { HocuspocusProvider } from '@hocuspocus/provider';
import { Awareness } from 'y-protocols/awareness';
import * as Y from 'yjs';
import { api } from './api';
import { EditStore } from './edit-store';
import { Emitter } from './emitter';
import { readServerEvent } from './events';
import type { ServerEvent } from './events';
import { LiveSocket } from './live-socket';
import type { Me } from './model';
import { savedSign } from './saved-state';
import type { SavedSign } from './saved-state';
import { SectionDocument } from './section-document';
import type { BrowserStores } from './section-document';
import { TextKeeper } from './text-keeper';
import { TextStore } from './text-store';

export interface Present {
  readonly person: number;
  readonly name: string;
  /** The section where the person's cursor is, if it is in one. */
  readonly section: string | null;
  readonly self: boolean;
  /** Their page cannot deliver, or has not been heard of for a while. */
  readonly away: boolean;
}

export interface LiveEvents {
  readonly sign: SavedSign;
  readonly event: ServerEvent;
  readonly people: readonly Present[];
  /** The browser is no longer this person's, as far as the server is concerned: nothing more is said to it. */
  readonly stranger: undefined;
}

const watchEvery = 1_000;
/** Every so many looks one section is compared with the server's. */
const beatEvery = 3;
/** Words that nothing answers for so long, in ms, are shown as not arriving. */
const slowAfter = 3_500;
/** A page that lives says so every 15 s (y-protocols). */
const silentAfter = 21_000;
/** For how long the server's word about who this is holds, in milliseconds. */
const freshIdentity = 10_000;
/** A first connection that takes longer than this, in ms, is shown as what it is: offline. */
const connectingMost = 4_000;
const stuckFirst = 10_000;
const stuckMost = 60_000;

export class Live {
  readonly events = new Emitter<LiveEvents>();
  private readonly socket: LiveSocket;
  private readonly sections = new Map<string, SectionDocument>();
  private readonly wanted = new Set<string>();
  private readonly groupProvider: HocuspocusProvider;
  private readonly groupAwareness: Awareness;
  private stores: BrowserStores = { edits: null, texts: null };
  private keeper: TextKeeper | null = null;
  private kept: ReadonlySet<string> = new Set();
  private connected = false;
  /** There has been a connection before the present one. */
  private wasConnected = false;
  /** Until the first connection, for a few seconds at most. */
  private startingUp = true;
  private lastSign: SavedSign = { type: 'connecting' };
  private readonly watch: ReturnType<typeof setInterval>;
  private readonly patience: ReturnType<typeof setTimeout>;
  private stuck = false;
  private place: string | null = null;
  private shownAway = '';
  /** Longer after each connection ended for nothing: a server whose disk is full is not asked ever more often. */
  private stuckAfter = stuckFirst;
  private turn = 0;
  private ended = false;
  /** Sections show the text that the browser kept: no server could be reached when the page began. */
  private fromBrowser = false;
  private identity: Promise<string> | null = null;
  private readonly began = Date.now();
  private readonly storesOpened: Promise<void>;

  /** `visible` false: the projector; it is nobody's page and shows nobody's name. */
  constructor(
    private readonly me: Me,
    readonly group: string,
    private readonly visible: boolean,
  ) {
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
    this.socket = new LiveSocket(`${scheme}://${location.host}/sync`, {
      handingOver: (address) => this.byAddress(address)?.handingOver(),
      sent: (address, isStep2) => this.byAddress(address)?.note({ type: 'sent', isStep2 }),
      answered: (address, applied) => {
        const section = this.byAddress(address);
        section?.note({ type: 'answered' });
        if (!applied) section?.refused();
      },
      opened: () => this.setConnected(true),
      closed: () => this.setConnected(false),
      token: () => (this.identity ??= this.identify()),
    });
    const doc = new Y.Doc();
    this.groupAwareness = new Awareness(doc);
    this.groupAwareness.setLocalState(null);
    this.groupAwareness.on('change', () => this.events.emit('people', this.people()));
    this.groupProvider = new HocuspocusProvider({
      name: `group/${group}`,
      document: doc,
      awareness: this.groupAwareness,
      websocketProvider: this.socket,
      token: () => this.socket.token(),
      sessionAwareness: true,
    });
    this.groupProvider.on('stateless', ({ payload }: { payload: string }) => {
      const event = readServerEvent(payload);
      if (event !== null) this.events.emit('event', event);
    });
    this.groupProvider.attach();
    this.storesOpened = this.openStores();
    void this.storesOpened.then(() => this.start());
    this.patience = setTimeout(() => {
      this.startingUp = false;
      this.showSign();
    }, connectingMost);
    this.watch = setInterval(() => this.watchDelivery(), watchEvery);
    window.addEventListener('online', this.reconnect);
    document.addEventListener('visibilitychange', this.reconnect);
  }

  private async openStores(): Promise<void> {
    const [edits, texts] = await Promise.all([EditStore.open(this.me.id), TextStore.open(this.me.id)]);
    this.stores = { edits, texts };
    if (texts !== null) this.keeper = new TextKeeper(texts, () => this.sections.values());
    if (edits !== null) this.kept = await edits.documents().catch(() => new Set<string>());
  }

  private start(): void {
    if (this.ended) return this.closeStores();
    void this.socket.connect();
    // Edits of an earlier page are delivered even if their section is not on this page.
    for (const name of this.kept) this.ensure(name);
  }

  /** What the browser keeps of groups and reports; null where it keeps nothing. */
  async texts(): Promise<TextStore | null> {
    await this.storesOpened;
    return this.stores.texts;
  }

  /** No server can be reached: from now on sections show the text kept in the browser until they have joined. */
  async showKeptTexts(): Promise<void> {
    await this.storesOpened;
    if (this.connected || this.ended) return;
    this.fromBrowser = true;
    await this.keeper?.recall();
    for (const section of this.sections.values()) void section.takeKeptText();
    this.showSign();
  }

  /** The moment as of which the text stands here, while no server is reached; null if unknown. */
  get asOf(): number | null {
    return this.keeper?.seenAt ?? null;
  }

  /**
   * A connection made anew may be another person's: somebody opened their personal link in another tab. What one person
   * wrote must not go out under another's name. The first connection comes right after the server said who this is.
   */
  private async identify(): Promise<string> {
    if (!this.wasConnected && !this.fromBrowser && Date.now() - this.began < freshIdentity) return 'session';
    const result = await api.me();
    if (result.ok && result.value.id === this.me.id) return 'session';
    if (result.ok || result.problem === 'signed_out') this.events.emit('stranger', undefined);
    else this.socket.webSocket?.close();
    return new Promise<string>(() => undefined);
  }

  /** Joins a section; the caller gives it back with `release`. */
  open(name: string): SectionDocument {
    this.wanted.add(name);
    return this.ensure(name);
  }

  private ensure(name: string): SectionDocument {
    const known = this.sections.get(name);
    if (known !== undefined) return known;
    const section = new SectionDocument(name, this.socket);
    this.sections.set(name, section);
    section.events.on('state', () => this.sectionChanged(section));
    section.events.on('change', () => this.keeper?.changed(name));
    if (this.connected) section.note({ type: 'connected' });
    void this.startSection(section);
    return section;
  }

  /** Not before the stores are open: the edits of an earlier page would stay there, and new ones would not be kept. */
  private async startSection(section: SectionDocument): Promise<void> {
    await this.storesOpened;
    await section.start(this.stores, this.kept.has(section.name));
    if (this.fromBrowser && !this.connected) await section.takeKeptText();
  }

  /** The page no longer shows the section; it goes once its edits are saved. */
  release(name: string): void {
    this.wanted.delete(name);
    const section = this.sections.get(name);
    if (section !== undefined) this.sectionChanged(section);
  }

  private sectionChanged(section: SectionDocument): void {
    this.keeper?.changed(section.name);
    if (!this.wanted.has(section.name) && section.saved.edits === 0 && section.ready) {
      this.sections.delete(section.name);
      section.dispose();
    }
    this.showSign();
  }

  private byAddress(address: string): SectionDocument | undefined {
    const name = address.split('\0', 1)[0] ?? '';
    const section = this.sections.get(name);
    return section?.address === address ? section : undefined;
  }

  private setConnected(connected: boolean): void {
    if (this.connected === connected) return;
    this.keeper?.seen(Date.now());
    if (connected) void this.takeLeftBehind();
    else this.wasConnected = true;
    this.startingUp = false;
    this.stuck = false;
    // Between two connections the browser may have changed hands.
    this.identity = null;
    this.connected = connected;
    for (const section of this.sections.values()) section.note({ type: connected ? 'connected' : 'disconnected' });
    this.showSign();
  }

  /** Edits that another tab of this person could not deliver before it was closed. */
  private async takeLeftBehind(): Promise<void> {
    const { edits } = this.stores;
    if (edits === null || !this.wasConnected) return;
    this.kept = await edits.documents().catch(() => new Set<string>());
    if (this.ended) return;
    for (const name of this.kept) await this.ensure(name).takeUpEdits();
  }

  private showSign(): void {
    const sign = savedSign([...this.sections.values()].map((s) => s.saved), this.connected, this.startingUp && !this.fromBrowser, this.stuck);
    const last = this.lastSign;
    const counts = (one: SavedSign): number => (one.type === 'offline' || one.type === 'stuck' ? one.edits : 0);
    const isSame = sign.type === last.type && counts(sign) === counts(last);
    // The number behind "Saving" is for whoever asks, not for the page to show.
    this.lastSign = sign;
    if (isSame) return;
    this.events.emit('sign', sign);
  }

  /** Whether the browser keeps edits through a reload; not so in some private windows. */
  get keepsEdits(): boolean {
    return this.stores.edits !== null && !this.stores.edits.refusing;
  }

  get sign(): SavedSign {
    return this.lastSign;
  }

  /** A connection that looks alive while nothing is delivered is the worst kind: it is ended and made anew. */
  private watchDelivery(): void {
    this.watchPeople();
    if (!this.connected) return;
    const now = Date.now();
    this.keeper?.seen(now);
    const all = [...this.sections.values()];
    if (all.every((s) => s.saved.edits === 0)) this.stuckAfter = stuckFirst;
    const silence = Math.max(0, ...all.map((s) => Math.max(s.stalledFor(now), s.beatUnansweredFor(now))));
    this.setStuck(silence > slowAfter);
    if (silence > this.stuckAfter) {
      this.stuckAfter = Math.min(stuckMost, this.stuckAfter * 2);
      this.socket.webSocket?.close();
      return;
    }
    // One section after the other is compared with the server's, also where nobody writes.
    this.turn += 1;
    if (this.turn % beatEvery === 0) all[(this.turn / beatEvery) % Math.max(1, all.length)]?.beat();
  }

  /** Nothing arrives: the page says so, and tells the others if that at least gets through. */
  private setStuck(stuck: boolean): void {
    if (this.stuck === stuck) return;
    this.stuck = stuck;
    this.setPlace(this.place);
    this.showSign();
  }

  /** Somebody who has not been heard of becomes "away" by the clock alone. */
  private watchPeople(): void {
    const people = this.people();
    const away = people.map((p) => (p.away ? `${p.person} ` : '')).join('');
    if (away === this.shownAway) return;
    this.shownAway = away;
    this.events.emit('people', people);
  }

  private readonly reconnect = (): void => {
    if (!this.connected && !this.ended) void this.socket.connect();
  };

  /** Says where this person is; `null` for on the page, in no section. */
  setPlace(section: string | null): void {
    this.place = section;
    if (!this.visible) return;
    // The server puts its own name and number into `user`: nobody appears as somebody else.
    this.groupAwareness.setLocalState({ user: { person: this.me.id, name: this.me.name }, section, ...(this.stuck ? { away: true } : {}) });
  }

  people(): readonly Present[] {
    const found = new Map<number, Present>();
    const now = Date.now();
    for (const [client, state] of this.groupAwareness.getStates()) {
      const { user, section, away: said } = state as Record<string, unknown>;
      if (typeof user !== 'object' || user === null) continue;
      const { person, name } = user as Record<string, unknown>;
      if (typeof person !== 'number' || typeof name !== 'string') continue;
      const self = client === this.groupAwareness.clientID || person === this.me.id;
      const at = typeof section === 'string' ? section : null;
      const heard = this.groupAwareness.meta.get(client)?.lastUpdated ?? now;
      const away = !self && (said === true || now - heard > silentAfter);
      const known = found.get(person);
      // Of several pages of one person the one that is there counts, and of these the one with a cursor.
      const isBetter = known === undefined || (known.away && !away) || (known.away === away && known.section === null);
      if (isBetter) found.set(person, { person, name, section: at, self, away });
    }
    return [...found.values()].sort((a, b) => a.person - b.person);
  }

  end(): void {
    this.ended = true;
    clearInterval(this.watch);
    clearTimeout(this.patience);
    window.removeEventListener('online', this.reconnect);
    document.removeEventListener('visibilitychange', this.reconnect);
    for (const section of this.sections.values()) section.dispose();
    this.sections.clear();
    this.groupProvider.destroy();
    this.socket.destroy();
    this.closeStores();
    this.events.clear();
  }

  private closeStores(): void {
    this.keeper?.end();
    this.stores.edits?.close();
    this.stores.texts?.close();
  }
}
