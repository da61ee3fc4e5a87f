// The last known report in the browser: facts of groups and reports, and the text of their sections, for reading and
// writing on when no server can be reached. One database for a person; it goes when the person signs out, when the
// server signs them out, or when somebody else signs in.
import { answer, deleteStore, done, openStore, storeNames } from './browser-store';
import type { Group, Report } from './model';

export interface KeptText {
  readonly document: string;
  /** The whole replica as one Yjs update. */
  readonly update: Uint8Array;
  /** Whether the server took this person's edits of it. */
  readonly writable: boolean;
}

/** Raised when the shape of what is kept changes; what an older page kept is then dropped. */
const version = 1;
const prefix = 'bossey-text-';
const facts = 'facts';
const texts = 'texts';
const seenKey = 'seen';

const groupKey = (group: string): string => `group/${group}`;
const reportKey = (group: string, report: string): string => `report/${group}/${report}`;

export class TextStore {
  private constructor(private readonly database: IDBDatabase) {}

  static async open(person: number): Promise<TextStore | null> {
    const database = await openStore(`${prefix}${person}`, version, (made) => {
      for (const name of [...made.objectStoreNames]) made.deleteObjectStore(name);
      made.createObjectStore(facts);
      made.createObjectStore(texts, { keyPath: 'document' });
    });
    return database === null ? null : new TextStore(database);
  }

  /** Deletes what is kept for everybody but this person; for everybody with `null`. */
  static async wipeAllBut(person: number | null): Promise<void> {
    const own = person === null ? null : `${prefix}${person}`;
    const names = (await storeNames(prefix)).filter((name) => name !== own);
    await Promise.all(names.map(deleteStore));
  }

  private async fact<T>(key: string): Promise<T | null> {
    try {
      const value = await answer(this.database.transaction(facts).objectStore(facts).get(key) as IDBRequest<T | undefined>);
      return value ?? null;
    } catch {
      return null;
    }
  }

  /** A browser that refuses keeps nothing; the page is told once by what it cannot show later. */
  private async write(table: string, change: (store: IDBObjectStore) => void): Promise<void> {
    try {
      const transaction = this.database.transaction(table, 'readwrite');
      change(transaction.objectStore(table));
      await done(transaction);
    } catch {
      // Full, or wiped meanwhile: an older text stays, or none.
    }
  }

  group(group: string): Promise<Group | null> {
    return this.fact<Group>(groupKey(group));
  }

  report(group: string, report: string): Promise<Report | null> {
    return this.fact<Report>(reportKey(group, report));
  }

  putGroup(group: Group): Promise<void> {
    return this.write(facts, (store) => store.put(group, groupKey(group.slug)));
  }

  async putReport(group: string, report: Report): Promise<void> {
    await this.write(facts, (store) => store.put(report, reportKey(group, report.slug)));
    await this.prune();
  }

  /** The group is no longer this person's. */
  async dropGroup(group: string): Promise<void> {
    await this.write(facts, (store) => {
      store.delete(groupKey(group));
      store.delete(IDBKeyRange.bound(reportKey(group, ''), reportKey(group, '\uffff')));
    });
    await this.prune();
  }

  async dropReport(group: string, report: string): Promise<void> {
    await this.write(facts, (store) => store.delete(reportKey(group, report)));
    await this.prune();
  }

  /** Texts that stand in no report any more go. */
  private async prune(): Promise<void> {
    try {
      const store = this.database.transaction(facts).objectStore(facts);
      const reports = await answer(store.getAll(IDBKeyRange.bound('report/', 'report/\uffff')) as IDBRequest<Report[]>);
      const sections = reports.flatMap((report) => report.sections);
      const standing = new Set(sections.map((section) => section.document));
      const proposals = new Set(sections.flatMap((section) => section.proposals.filter((p) => p.state === 'open').map((p) => String(p.number))));
      const kept = await answer(this.database.transaction(texts).objectStore(texts).getAllKeys());
      const stands = (name: string): boolean =>
        standing.has(name) || (name.startsWith('proposal/') && proposals.has(name.slice(name.lastIndexOf('/') + 1)));
      const gone = kept.filter((name) => typeof name !== 'string' || !stands(name));
      if (gone.length > 0) await this.write(texts, (table) => gone.forEach((name) => table.delete(name)));
    } catch {
      // Nothing was dropped; the next report tries again.
    }
  }

  async text(document: string): Promise<KeptText | null> {
    try {
      const row = await answer(this.database.transaction(texts).objectStore(texts).get(document) as IDBRequest<KeptText | undefined>);
      return row ?? null;
    } catch {
      return null;
    }
  }

  putTexts(rows: readonly KeptText[]): Promise<void> {
    return this.write(texts, (store) => rows.forEach((row) => store.put(row)));
  }

  dropText(document: string): Promise<void> {
    return this.write(texts, (store) => store.delete(document));
  }

  /** When the page was last at one with the server, in milliseconds of the browser's clock. */
  seen(): Promise<number | null> {
    return this.fact<number>(seenKey);
  }

  putSeen(at: number): Promise<void> {
    return this.write(facts, (store) => store.put(at, seenKey));
  }

  close(): void {
    this.database.close();
  }
}
