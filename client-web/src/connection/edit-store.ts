// Keeps a person's own edits in the browser until the server has said that they are on disk, so that a reload, a crash
// of the browser or an empty battery loses nothing. One database for a person, not one for a section: a report has a
// hundred sections. Several tabs share it; each takes out only what it put in or took up.
import { answer, deleteStore, done, openStore } from './browser-store';

interface StoredEdit {
  readonly document: string;
  readonly update: Uint8Array;
}

interface Waiting extends StoredEdit {
  readonly done: (key: number) => void;
}

export interface KeptEdits {
  readonly updates: readonly Uint8Array[];
  /** Their keys: what `forget` is told once they are saved. */
  readonly keys: readonly number[];
}

const tableName = 'edits';
const indexName = 'document';

const storeName = (person: number): string => `bossey-edits-${person}`;
const spillPrefix = (person: number): string => `bossey-spill-${person}-`;

function spilledBy(person: number): readonly string[] {
  return typeof localStorage === 'undefined' ? [] : Object.keys(localStorage).filter((name) => name.startsWith(spillPrefix(person)));
}

const isNumber = (key: IDBValidKey): key is number => typeof key === 'number';

export class EditStore {
  private waiting: Waiting[] = [];
  private writing: readonly Waiting[] = [];
  private readonly spillKey: string;
  /** The browser refused the last write: the page says that it must stay open. */
  refusing = false;

  private constructor(
    private readonly database: IDBDatabase,
    private readonly person: number,
  ) {
    this.spillKey = spillPrefix(person) + Math.random().toString(36).slice(2);
    window.addEventListener('pagehide', this.spill);
  }

  /** Null where the browser offers no store (a private window); the page then says that a reload loses waiting edits. */
  static async open(person: number): Promise<EditStore | null> {
    const database = await openStore(storeName(person), 1, (made) => {
      made.createObjectStore(tableName, { autoIncrement: true }).createIndex(indexName, 'document');
    });
    if (database === null) return null;
    const store = new EditStore(database, person);
    try {
      await store.takeSpilled();
    } catch {
      // What another page spilled stays where it is.
    }
    return store;
  }

  /** Gives up everything this person wrote here and did not get saved. */
  static async wipe(person: number): Promise<void> {
    for (const name of spilledBy(person)) localStorage.removeItem(name);
    await deleteStore(storeName(person));
  }

  /** Documents that hold edits from an earlier page. */
  async documents(): Promise<ReadonlySet<string>> {
    const index = this.database.transaction(tableName).objectStore(tableName).index(indexName);
    const found = new Set<string>();
    return new Promise((resolve, reject) => {
      const request = index.openKeyCursor(null, 'nextunique');
      request.onerror = () => reject(request.error ?? new Error('The browser store failed.'));
      request.onsuccess = () => {
        const cursor = request.result;
        if (cursor === null) return resolve(found);
        if (typeof cursor.key === 'string') found.add(cursor.key);
        cursor.continue();
      };
    });
  }

  async load(document: string): Promise<KeptEdits> {
    const index = this.database.transaction(tableName).objectStore(tableName).index(indexName);
    const [rows, keys] = await Promise.all([
      answer(index.getAll(document) as IDBRequest<StoredEdit[]>),
      answer(index.getAllKeys(document)),
    ]);
    return { updates: rows.map((row) => row.update), keys: keys.filter(isNumber) };
  }

  /** Answers the key under which the edit is kept, once it is; 0 if it could not be. */
  append(document: string, update: Uint8Array): Promise<number> {
    return new Promise((resolve) => {
      this.waiting.push({ document, update, done: resolve });
      if (this.writing.length === 0) void this.write();
    });
  }

  /** What comes while one write is under way goes together into the next: never more than one behind. */
  private async write(): Promise<void> {
    while (this.waiting.length > 0) {
      this.writing = this.waiting;
      this.waiting = [];
      let keys: readonly IDBValidKey[] = [];
      try {
        const transaction = this.database.transaction(tableName, 'readwrite');
        const table = transaction.objectStore(tableName);
        const added = this.writing.map(({ document, update }) => answer(table.add({ document, update } satisfies StoredEdit)));
        const finished = done(transaction);
        [keys] = await Promise.all([Promise.all(added), finished]);
        this.refusing = false;
      } catch {
        this.refusing = true;
        // A full disk: the edits are still in the page and on their way to the server.
      }
      this.writing.forEach((edit, index) => {
        const key = keys[index];
        edit.done(key !== undefined && isNumber(key) ? key : 0);
      });
      this.writing = [];
    }
  }

  /** The page goes away, or another person has come: what the database has not confirmed is put where writing takes no time. */
  private readonly spill = (): void => {
    const open = [...this.writing, ...this.waiting];
    if (open.length === 0) return;
    try {
      const edits = open.map(({ document, update }) => [document, btoa(String.fromCharCode(...update))]);
      localStorage.setItem(this.spillKey, JSON.stringify(edits));
    } catch {
      // No room: the database may still finish.
    }
  };

  private async takeSpilled(): Promise<void> {
    const names = spilledBy(this.person).filter((name) => name !== this.spillKey);
    for (const name of names) {
      const edits = JSON.parse(localStorage.getItem(name) ?? '[]') as unknown;
      if (!Array.isArray(edits)) continue;
      for (const edit of edits as unknown[]) {
        if (!Array.isArray(edit)) continue;
        const [document, update] = edit as unknown[];
        if (typeof document !== 'string' || typeof update !== 'string') continue;
        await this.append(document, Uint8Array.from(atob(update), (c) => c.charCodeAt(0)));
      }
      localStorage.removeItem(name);
    }
  }

  /** Forgets edits: the server has them on disk. Only the keys named; another tab may hold others of the document. */
  async forget(keys: readonly number[]): Promise<void> {
    if (keys.length === 0) return;
    const transaction = this.database.transaction(tableName, 'readwrite');
    const table = transaction.objectStore(tableName);
    for (const key of keys) table.delete(key);
    await done(transaction);
  }

  close(): void {
    window.removeEventListener('pagehide', this.spill);
    this.spill();
    this.database.close();
  }
}
