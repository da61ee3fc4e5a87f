// The page's live connection to one group: one socket, the group's events, who is here, and the sections that are open.
// The only place that opens a WebSocket.
import { HocuspocusProvider } from '@hocuspocus/provider';
import { Awareness } from 'y-protocols/awareness';
import * as Y from 'yjs';
import { EditStore } from './edit-store';
import { Emitter } from './emitter';
import { readServerEvent } from './events';
import type { ServerEvent } from './events';
import { LiveSocket } from './live-socket';
import type { Me } from './model';
import { savedSign } from './saved-state';
import type { SavedSign } from './saved-state';
import { SectionDocument } from './section-document';

export interface Present {
  readonly person: number;
  readonly name: string;
  /** The section where the person's cursor is, if it is in one. */
  readonly section: string | null;
  readonly self: boolean;
}

export interface LiveEvents {
  readonly sign: SavedSign;
  readonly event: ServerEvent;
  readonly people: readonly Present[];
}

const watchEvery = 3_000;
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
  private store: EditStore | null = null;
  private kept: ReadonlySet<string> = new Set();
  private connected = false;
  /** Until the first connection, for a few seconds at most. */
  private startingUp = true;
  private lastSign: SavedSign = { type: 'connecting' };
  private readonly watch: ReturnType<typeof setInterval>;
  private readonly patience: ReturnType<typeof setTimeout>;
  private stuckSince = 0;
  /** Longer after each connection ended for nothing: a server whose disk is full is not asked ever more often. */
  private stuckAfter = stuckFirst;
  private turn = 0;
  private ended = false;
  private readonly storeOpened: Promise<void>;

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
      token: 'session',
      sessionAwareness: true,
    });
    this.groupProvider.on('stateless', ({ payload }: { payload: string }) => {
      const event = readServerEvent(payload);
      if (event !== null) this.events.emit('event', event);
    });
    this.groupProvider.attach();
    this.storeOpened = this.openStore();
    void this.storeOpened.then(() => this.start());
    this.patience = setTimeout(() => {
      this.startingUp = false;
      this.showSign();
    }, connectingMost);
    this.watch = setInterval(() => this.watchDelivery(), watchEvery);
    window.addEventListener('online', this.reconnect);
    document.addEventListener('visibilitychange', this.reconnect);
  }

  private async openStore(): Promise<void> {
    this.store = await EditStore.open(this.me.id);
    if (this.store !== null) this.kept = await this.store.documents().catch(() => new Set<string>());
  }

  private start(): void {
    if (this.ended) return;
    void this.socket.connect();
    // Edits of an earlier page are delivered even if their section is not on this page.
    for (const name of this.kept) this.ensure(name);
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
    if (this.connected) section.note({ type: 'connected' });
    // Not before the store is open: the edits of an earlier page would stay in it, and new ones would not be kept.
    void this.storeOpened.then(() => section.start(this.store, this.kept.has(name)));
    return section;
  }

  /** The page no longer shows the section; it goes once its edits are saved. */
  release(name: string): void {
    this.wanted.delete(name);
    const section = this.sections.get(name);
    if (section !== undefined) this.sectionChanged(section);
  }

  private sectionChanged(section: SectionDocument): void {
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
    this.connected = connected;
    this.startingUp = false;
    for (const section of this.sections.values()) section.note({ type: connected ? 'connected' : 'disconnected' });
    this.showSign();
  }

  private showSign(): void {
    const sign = savedSign([...this.sections.values()].map((s) => s.saved), this.connected, this.startingUp);
    const last = this.lastSign;
    if (sign.type === last.type && (sign.type !== 'offline' || last.type !== 'offline' || sign.edits === last.edits)) return;
    this.lastSign = sign;
    this.events.emit('sign', sign);
  }

  /** Whether the browser keeps edits through a reload; not so in some private windows. */
  get keepsEdits(): boolean {
    return this.store !== null;
  }

  get sign(): SavedSign {
    return this.lastSign;
  }

  /** A connection that looks alive while nothing is delivered is the worst kind: it is ended and made anew. */
  private watchDelivery(): void {
    if (!this.connected) {
      this.stuckSince = 0;
      return;
    }
    const now = Date.now();
    const all = [...this.sections.values()];
    const waiting = all.some((s) => s.saved.edits > 0 && !s.denied);
    if (!waiting) {
      this.stuckSince = 0;
      this.stuckAfter = stuckFirst;
    } else if (this.stuckSince === 0) this.stuckSince = now;
    const deaf = all.some((s) => s.beatUnansweredFor(now) > this.stuckAfter);
    if (deaf || (waiting && now - this.stuckSince > this.stuckAfter)) {
      this.stuckSince = 0;
      this.stuckAfter = Math.min(stuckMost, this.stuckAfter * 2);
      this.socket.webSocket?.close();
      return;
    }
    // One section after the other is compared with the server's, also where nobody writes.
    this.turn = (this.turn + 1) % Math.max(1, all.length);
    all[this.turn]?.beat();
  }

  private readonly reconnect = (): void => {
    if (!this.connected && !this.ended) void this.socket.connect();
  };

  /** Says where this person is; `null` for on the page, in no section. */
  setPlace(section: string | null): void {
    if (!this.visible) return;
    // The server puts its own name and number into `user`: nobody appears as somebody else.
    this.groupAwareness.setLocalState({ user: { person: this.me.id, name: this.me.name }, section });
  }

  people(): readonly Present[] {
    const found = new Map<number, Present>();
    for (const [client, state] of this.groupAwareness.getStates()) {
      const { user, section } = state as Record<string, unknown>;
      if (typeof user !== 'object' || user === null) continue;
      const { person, name } = user as Record<string, unknown>;
      if (typeof person !== 'number' || typeof name !== 'string') continue;
      const self = client === this.groupAwareness.clientID || person === this.me.id;
      const at = typeof section === 'string' ? section : null;
      const known = found.get(person);
      if (known === undefined || known.section === null) found.set(person, { person, name, section: at, self });
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
    this.store?.close();
    this.events.clear();
  }
}
