// Keeps a person's own edits in the browser until the server has said that they are on disk, so that a reload, a crash
// of the browser or an empty battery loses nothing. One database for a person, not one for a section: a report has a
// hundred sections. Text that others wrote is not kept here; it comes from the server.

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

function done(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onerror = () => reject(transaction.error ?? new Error('The browser store failed.'));
    transaction.onabort = () => reject(transaction.error ?? new Error('The browser store failed.'));
  });
}

function answer<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('The browser store failed.'));
  });
}

const isNumber = (key: IDBValidKey): key is number => typeof key === 'number';

export class EditStore {
  private waiting: Waiting[] = [];
  private writing: readonly Waiting[] = [];
  private readonly spillKey: string;

  private constructor(
    private readonly database: IDBDatabase,
    private readonly person: number,
  ) {
    this.spillKey = `bossey-spill-${person}-${Math.random().toString(36).slice(2)}`;
    window.addEventListener('pagehide', this.spill);
  }

  /** Null where the browser offers no store (a private window); the page then says that a reload loses waiting edits. */
  static async open(person: number): Promise<EditStore | null> {
    if (typeof indexedDB === 'undefined') return null;
    try {
      const request = indexedDB.open(`bossey-edits-${person}`, 1);
      request.onupgradeneeded = () => {
        const table = request.result.createObjectStore(tableName, { autoIncrement: true });
        table.createIndex(indexName, 'document');
      };
      const store = new EditStore(await answer(request), person);
      await store.takeSpilled();
      return store;
    } catch {
      return null;
    }
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
      } catch {
        // A full disk: the edits are still in the page and on their way to the server.
      }
      this.writing.forEach((edit, index) => {
        const key = keys[index];
        edit.done(key !== undefined && isNumber(key) ? key : 0);
      });
      this.writing = [];
    }
  }

  /** The page goes away: what the database has not confirmed is put where writing takes no time. */
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
    const prefix = `bossey-spill-${this.person}-`;
    const names = Object.keys(localStorage).filter((name) => name.startsWith(prefix) && name !== this.spillKey);
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

  /** Forgets all edits of a document: they live on as a proposal, or the person has given them up. */
  async drop(document: string): Promise<void> {
    const transaction = this.database.transaction(tableName, 'readwrite');
    const table = transaction.objectStore(tableName);
    for (const key of await answer(table.index(indexName).getAllKeys(document))) table.delete(key);
    await done(transaction);
  }

  close(): void {
    window.removeEventListener('pagehide', this.spill);
    this.database.close();
  }
}
