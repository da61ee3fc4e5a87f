// Keeps the texts of the open sections in the browser as they change, some seconds behind: they are for reading on
// without a server, while a person's own edits are kept at once by the edit store.
import type { SectionDocument } from './section-document';
import type { KeptText, TextStore } from './text-store';

const behind = 2_000;
const seenEvery = 20_000;

export class TextKeeper {
  /** When the page was last at one with the server, in milliseconds. */
  seenAt: number | null = null;
  private readonly moved = new Set<string>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private seenKept = 0;

  constructor(
    private readonly store: TextStore,
    private readonly sections: () => Iterable<SectionDocument>,
  ) {}

  /** What an earlier page noted of its last moment with the server. */
  async recall(): Promise<void> {
    this.seenAt ??= await this.store.seen();
  }

  changed(name: string): void {
    this.moved.add(name);
    this.timer ??= setTimeout(() => this.keep(), behind);
  }

  private keep(): void {
    this.timer = undefined;
    const rows: KeptText[] = [];
    for (const section of this.sections()) {
      const row = this.moved.has(section.name) ? section.textToKeep() : null;
      if (row !== null) rows.push(row);
    }
    this.moved.clear();
    if (rows.length > 0) void this.store.putTexts(rows);
  }

  /** The page is, or was until now, connected. */
  seen(now: number): void {
    this.seenAt = now;
    if (now - this.seenKept < seenEvery) return;
    this.seenKept = now;
    void this.store.putSeen(now);
  }

  end(): void {
    clearTimeout(this.timer);
  }
}
