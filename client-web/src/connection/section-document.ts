// One section's living document: the Yjs replica, its provider, its kept edits, its part of the "saved" sign and its
// heartbeat. Lives as long as the page shows the section, and longer while edits wait. Knows no ProseMirror.
import { HocuspocusProvider } from '@hocuspocus/provider';
import { Awareness } from 'y-protocols/awareness';
import * as Y from 'yjs';
import { contentHash } from './content-hash';
import type { EditStore } from './edit-store';
import { Emitter } from './emitter';
import { readServerEvent } from './events';
import type { ServerEvent } from './events';
import type { LiveSocket } from './live-socket';
import { lostWords } from './own-words';
import { isAllAnswered, nextSavedState, nothingUnsaved } from './saved-state';
import type { SavedEvent, SavedState } from './saved-state';
import type { KeptText, TextStore } from './text-store';

/** The replica: replaced as a whole, with a new client id, when it has to be dropped. */
export interface Replica {
  readonly doc: Y.Doc;
  readonly title: Y.Text;
  readonly body: Y.XmlFragment;
  readonly awareness: Awareness;
}

export interface SectionDocumentEvents {
  /** The text changed, by this page (`local`) or by others. */
  readonly change: { readonly local: boolean };
  /** Saved state, readiness or the right to write changed. */
  readonly state: undefined;
  /** The replica is another one now: everything bound to the old one must be bound again. */
  readonly replaced: undefined;
  readonly late: { readonly proposal: number; readonly message: string };
  /** Words typed here stand in no text, for their paragraph is gone; everything else goes on. */
  readonly kept: { readonly proposal: number; readonly message: string };
  /** Words typed here were refused and are nowhere but in `lost`. `message`: the server's reason, or empty. */
  readonly refused: { readonly lost: string; readonly message: string };
  readonly people: undefined;
}

/** What the browser keeps; each null where it keeps nothing. */
export interface BrowserStores {
  readonly edits: EditStore | null;
  readonly texts: TextStore | null;
}

/** Marks updates that come out of the browser's stores: edits among them are counted as waiting already. */
const restoredOrigin = Symbol('restored');
const heartbeatDelay = 4_000;
const lateGrace = 2_500;
const dropPause = 30_000;

/** Deleted words stay readable: somebody else may delete the paragraph before the words in it have been sent. */
function makeReplica(): Replica {
  const doc = new Y.Doc({ gc: false });
  const awareness = new Awareness(doc);
  awareness.setLocalState(null);
  return { doc, title: doc.getText('title'), body: doc.getXmlFragment('body'), awareness };
}

export class SectionDocument {
  readonly events = new Emitter<SectionDocumentEvents>();
  saved: SavedState = nothingUnsaved;
  /** The text has arrived at least once. */
  ready = false;
  /** The server will not let this person read the document. */
  denied = false;
  private held: Replica = makeReplica();
  private provider: HocuspocusProvider | null = null;
  private stores: BrowserStores = { edits: null, texts: null };
  private scope: 'read-write' | 'readonly' | null = null;
  /** The right to write as it was when the text was kept: holds until the server has spoken. */
  private keptWritable = false;
  private closed = false;
  /** Words were refused: nothing more is written until the section is loaded afresh. */
  private refusing = false;
  /** Words came too late; the replica goes as soon as the server has everything that was typed into it. */
  private late: { readonly proposal: number; readonly message: string } | null = null;
  /** Keys, once known, of the kept edits that the server has not confirmed. */
  private keptKeys: Promise<number>[] = [];
  /** The same edits as they were made: what the replica itself may come to forget. */
  private unconfirmed: Uint8Array[] = [];
  private takingUp: Promise<void> = Promise.resolve();
  private changes = 0;
  /** When the server last answered something of this section, or had nothing to answer, in ms. */
  private progressAt = 0;
  private askedAt = -1;
  private unansweredBeatSince = 0;
  private mismatches = 0;
  private droppedAt = 0;
  private heartbeatTimer: ReturnType<typeof setTimeout> | undefined;
  private refusedTimer: ReturnType<typeof setTimeout> | undefined;
  private disposed = false;

  constructor(
    readonly name: string,
    private readonly socket: LiveSocket,
  ) {}

  get replica(): Replica {
    return this.held;
  }

  /** The address under which the server speaks to the present replica. */
  get address(): string {
    return this.provider?.effectiveName ?? '';
  }

  /** Whether the server takes this page's edits of this section now. */
  get writable(): boolean {
    const may = this.scope === null ? this.keptWritable : this.scope === 'read-write';
    return may && !this.closed && !this.refusing;
  }

  /** Takes up edits kept from an earlier page, then joins the living document. */
  async start(stores: BrowserStores, hasKeptEdits: boolean): Promise<void> {
    this.stores = stores;
    if (hasKeptEdits) await this.takeUpEdits();
    if (!this.disposed) this.join();
  }

  /** Takes up edits in the store that this page does not know: an earlier page or a closed tab has left them. */
  takeUpEdits(): Promise<void> {
    // One after the other: an edit taken up twice would be counted twice.
    this.takingUp = this.takingUp.then(() => this.takeUpNow());
    return this.takingUp;
  }

  private async takeUpNow(): Promise<void> {
    const { edits } = this.stores;
    if (edits === null) return;
    const [kept, own] = await Promise.all([edits.load(this.name), Promise.all(this.keptKeys)]).catch(() => [null, []] as const);
    if (kept === null || this.disposed) return;
    const known = new Set<number>(own);
    const found = kept.keys.flatMap((key, index) => {
      const update = kept.updates[index];
      return known.has(key) || update === undefined ? [] : [{ key, update }];
    });
    if (found.length === 0) return;
    this.keptKeys.push(...found.map(({ key }) => Promise.resolve(key)));
    this.unconfirmed.push(...found.map(({ update }) => update));
    this.note({ type: 'restored', edits: found.length });
    this.held.doc.transact(() => {
      for (const { update } of found) Y.applyUpdate(this.held.doc, update, restoredOrigin);
    }, restoredOrigin);
  }

  /** No server can be reached: shows the text as it was kept last. The living document joins it when it can. */
  async takeKeptText(): Promise<void> {
    const kept = (await this.stores.texts?.text(this.name)) ?? null;
    if (kept === null || this.ready || this.disposed || this.denied) return;
    this.keptWritable = kept.writable;
    this.ready = true;
    Y.applyUpdate(this.held.doc, kept.update, restoredOrigin);
    this.events.emit('state', undefined);
  }

  /** The text to be kept; null while it is not whole. */
  textToKeep(): KeptText | null {
    if (!this.ready || this.denied || this.disposed) return null;
    return { document: this.name, update: Y.encodeStateAsUpdate(this.held.doc), writable: this.scope === null ? this.keptWritable : this.scope === 'read-write' };
  }

  private join(): void {
    const replica = this.held;
    const provider = new HocuspocusProvider({
      name: this.name,
      document: replica.doc,
      awareness: replica.awareness,
      websocketProvider: this.socket,
      token: () => this.socket.token(),
      sessionAwareness: true,
    });
    this.provider = provider;
    provider.on('authenticated', ({ scope }: { scope: string }) => {
      this.scope = scope === 'read-write' ? 'read-write' : 'readonly';
      this.denied = false;
      this.events.emit('state', undefined);
    });
    provider.on('authenticationFailed', () => {
      this.denied = true;
      this.scope = null;
      void this.stores.texts?.dropText(this.name);
      this.events.emit('state', undefined);
    });
    provider.on('synced', () => {
      this.ready = true;
      this.events.emit('state', undefined);
      this.planHeartbeat();
    });
    provider.on('stateless', ({ payload }: { payload: string }) => this.hear(readServerEvent(payload)));
    replica.awareness.on('change', () => this.events.emit('people', undefined));
    replica.doc.on('update', (update: Uint8Array, origin: unknown, _doc: Y.Doc, transaction: Y.Transaction) => {
      const remote = origin === provider || origin === restoredOrigin;
      this.changes += 1;
      // Yjs tidies formatting after others' edits, too; such an update is no edit of this person.
      const own = !remote && transaction.local && origin !== null && this.writable;
      if (own) this.keep(update);
      this.events.emit('change', { local: !remote });
      this.planHeartbeat();
    });
    provider.attach();
  }

  private keep(update: Uint8Array): void {
    this.unconfirmed.push(update);
    this.note({ type: 'edit' });
    if (this.stores.edits !== null) this.keptKeys.push(this.stores.edits.append(this.name, update));
  }

  /** Called by the socket right before it hands over what the replica holds: words it has lost go out first. */
  handingOver(): void {
    const words = lostWords(this.held.doc, this.unconfirmed);
    if (words !== null) this.socket.sendUpdate(this.address, words);
  }

  /** Called by the socket's account for this document's address, and by the connection. */
  note(event: SavedEvent): void {
    const before = this.saved;
    this.saved = nextSavedState(before, event);
    const isFirst = (event.type === 'edit' && before.edits === 0) || (event.type === 'sent' && before.unanswered === 0);
    if (isFirst || (event.type !== 'edit' && event.type !== 'sent')) this.progressAt = Date.now();
    if (event.type === 'connected' || event.type === 'disconnected') this.unansweredBeatSince = 0;
    // What was typed last may not have arrived: it stays here, is sent again, and the server says `late` again.
    if (event.type === 'disconnected') this.late = null;
    if (this.late !== null && isAllAnswered(this.saved)) this.finishLate();
    if (event.type === 'saved' && before.edits > 0 && this.saved.edits === 0) this.forgetKept();
    if (this.saved.edits !== before.edits || this.saved.connected !== before.connected) {
      this.events.emit('state', undefined);
    }
    if (isAllAnswered(this.saved) && this.saved.edits === 0) this.planHeartbeat();
  }

  /** What was kept up to now is on the server's disk; what is typed from now on is not yet. */
  private forgetKept(): void {
    const confirmed = this.keptKeys;
    this.keptKeys = [];
    this.unconfirmed = [];
    void Promise.all(confirmed)
      .then((keys) => this.stores.edits?.forget(keys.filter((key) => key > 0)))
      .catch(() => undefined);
  }

  private hear(event: ServerEvent | null): void {
    switch (event?.type) {
      case 'saved':
        this.note({ type: 'saved' });
        break;
      case 'closed':
      case 'opened':
        this.closed = event.type === 'closed';
        if (event.type === 'opened' && this.scope === 'readonly') this.rejoin();
        this.events.emit('state', undefined);
        break;
      case 'late':
        this.stopRefusing();
        this.refusing = true;
        this.late = { proposal: event.proposal, message: event.message };
        this.events.emit('state', undefined);
        if (isAllAnswered(this.saved)) this.finishLate();
        break;
      case 'kept':
        this.events.emit('kept', { proposal: event.proposal, message: event.message });
        break;
      case 'refused':
        this.giveUp(event.message);
        break;
      case 'hash':
        this.compare(event.equal);
        break;
      default:
        break;
    }
  }

  /** The report says whether the section is closed; the live event says it sooner. */
  setClosed(closed: boolean): void {
    if (this.closed === closed) return;
    this.closed = closed;
    if (!closed && this.scope === 'readonly') this.rejoin();
    this.events.emit('state', undefined);
  }

  /** An update was refused. A `late` event normally follows and names the proposal; without one the words are shown. */
  refused(): void {
    if (this.late !== null) return;
    if (this.saved.edits === 0) {
      // Nothing of the person's own: a tidying that the server does not want. Once is enough.
      const now = Date.now();
      if (now - this.droppedAt > dropPause) {
        this.droppedAt = now;
        void this.drop();
      }
      return;
    }
    this.refusing = true;
    this.events.emit('state', undefined);
    this.refusedTimer ??= setTimeout(() => this.giveUp(''), lateGrace);
  }

  /** Everything typed here is in the proposal now. */
  private finishLate(): void {
    const { late } = this;
    if (late === null) return;
    this.late = null;
    void this.drop().then(() => this.events.emit('late', late));
  }

  /** The server takes no more of these words and keeps them nowhere: they are shown, to be copied. */
  private giveUp(message: string): void {
    this.stopRefusing();
    if (this.late !== null || this.saved.edits === 0) return;
    const lost = `${this.held.title.toString()}\n\n${textOf(this.held.body)}`;
    void this.drop().then(() => this.events.emit('refused', { lost, message }));
  }

  private stopRefusing(): void {
    clearTimeout(this.refusedTimer);
    this.refusedTimer = undefined;
  }

  /** Gives up the replica, its kept edits and its client id, and loads the section afresh. */
  async drop(): Promise<void> {
    this.note({ type: 'dropped' });
    const kept = this.keptKeys;
    this.keptKeys = [];
    this.unconfirmed = [];
    await Promise.all(kept)
      .then((keys) => this.stores.edits?.forget(keys.filter((key) => key > 0)))
      .catch(() => undefined);
    await this.stores.texts?.dropText(this.name);
    this.rejoin();
  }

  private rejoin(): void {
    if (this.disposed) return;
    const old = this.held;
    const kept = this.saved.edits > 0 ? Y.encodeStateAsUpdate(old.doc) : null;
    this.leave();
    this.held = makeReplica();
    this.ready = false;
    this.scope = null;
    this.keptWritable = false;
    this.refusing = false;
    this.mismatches = 0;
    this.unansweredBeatSince = 0;
    if (kept !== null) Y.applyUpdate(this.held.doc, kept, restoredOrigin);
    this.saved = { ...this.saved, handedOver: false, unanswered: 0 };
    this.join();
    this.events.emit('replaced', undefined);
    this.events.emit('state', undefined);
    old.doc.destroy();
  }

  private leave(): void {
    clearTimeout(this.heartbeatTimer);
    this.heartbeatTimer = undefined;
    this.provider?.destroy();
    this.provider = null;
  }

  /** The hash of the text as this page holds it. */
  contentHash(): string {
    return contentHash(this.held.doc);
  }

  private planHeartbeat(): void {
    clearTimeout(this.heartbeatTimer);
    this.heartbeatTimer = setTimeout(() => this.beat(), heartbeatDelay + Math.random() * heartbeatDelay);
  }

  /** Asks the server whether it holds the same text; only when nothing of this page is on its way. */
  beat(): void {
    if (this.provider === null || !this.ready || !isAllAnswered(this.saved) || this.saved.edits > 0) return;
    this.askedAt = this.changes;
    if (this.unansweredBeatSince === 0) this.unansweredBeatSince = Date.now();
    this.provider.sendStateless(JSON.stringify({ type: 'hash', content_hash: this.contentHash() }));
  }

  /** For how many milliseconds words have waited without any sign from the server. */
  stalledFor(now: number): number {
    return this.saved.edits > 0 && !this.denied ? now - this.progressAt : 0;
  }

  /** For how many milliseconds the server has left a question about the text unanswered. */
  beatUnansweredFor(now: number): number {
    return this.unansweredBeatSince === 0 ? 0 : now - this.unansweredBeatSince;
  }

  private compare(equal: boolean): void {
    this.unansweredBeatSince = 0;
    const comparable = this.askedAt === this.changes && isAllAnswered(this.saved) && this.saved.edits === 0;
    if (equal || !comparable) {
      if (equal) this.mismatches = 0;
      else this.planHeartbeat();
      return;
    }
    // Once may be another person's edit crossing the question on its way; twice at rest is a difference.
    this.mismatches += 1;
    if (this.mismatches < 2) this.planHeartbeat();
    else this.rejoin();
  }

  /** Ends the replica. With edits waiting it stays until the caller sees them saved. */
  dispose(): void {
    this.disposed = true;
    this.stopRefusing();
    this.leave();
    this.events.clear();
    this.held.doc.destroy();
  }
}

/** Plain words of a body, a line for each paragraph: for showing a person what could not be taken. */
function textOf(body: Y.XmlFragment): string {
  const lines: string[] = [];
  const walk = (parent: Y.XmlFragment): void => {
    let line = '';
    for (const child of parent.toArray()) {
      if (child instanceof Y.XmlText) {
        for (const op of child.toDelta() as { insert: unknown }[]) if (typeof op.insert === 'string') line += op.insert;
      } else if (child instanceof Y.XmlElement) walk(child);
    }
    if (line !== '') lines.push(line);
  };
  walk(body);
  return lines.join('\n\n');
}
