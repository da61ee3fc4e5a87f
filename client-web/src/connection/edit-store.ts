// Keeps a person's own edits in the browser until the server has said that they are on disk, so that a reload, a crash
// of the browser or an empty battery loses nothing. One database for a person, not one for a section: a report has a
// hundred sections. Text that others wrote is not kept here; it comes from the server.

interface StoredEdit {
  readonly document: string;
  readonly update: Uint8Array;
}

export interface KeptEdits {
  readonly updates: readonly Uint8Array[];
  /** The newest key among them: what `forget` is told once they are saved. */
  readonly last: number;
}

const tableName = 'edits';
const indexName = 'document';

function done(request: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    request.oncomplete = () => resolve();
    request.onerror = () => reject(request.error ?? new Error('The browser store failed.'));
    request.onabort = () => reject(request.error ?? new Error('The browser store failed.'));
  });
}

function answer<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('The browser store failed.'));
  });
}

export class EditStore {
  private constructor(private readonly database: IDBDatabase) {}

  /** Null where the browser offers no store (a private window); the page then says that a reload loses waiting edits. */
  static async open(person: number): Promise<EditStore | null> {
    if (typeof indexedDB === 'undefined') return null;
    try {
      const request = indexedDB.open(`bossey-edits-${person}`, 1);
      request.onupgradeneeded = () => {
        const table = request.result.createObjectStore(tableName, { autoIncrement: true });
        table.createIndex(indexName, 'document');
      };
      return new EditStore(await answer(request));
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
    const numbers = keys.filter((key): key is number => typeof key === 'number');
    return { updates: rows.map((row) => row.update), last: numbers.length > 0 ? Math.max(...numbers) : 0 };
  }

  /** Answers the key under which the edit is kept, once it is. */
  async append(document: string, update: Uint8Array): Promise<number> {
    const transaction = this.database.transaction(tableName, 'readwrite');
    const edit: StoredEdit = { document, update };
    const key = await answer(transaction.objectStore(tableName).add(edit));
    return typeof key === 'number' ? key : 0;
  }

  /** Forgets a document's edits up to and including a key: the server has them on disk. */
  async forget(document: string, upTo: number): Promise<void> {
    const transaction = this.database.transaction(tableName, 'readwrite');
    const table = transaction.objectStore(tableName);
    const keys = await answer(table.index(indexName).getAllKeys(document));
    for (const key of keys) if (typeof key === 'number' && key <= upTo) table.delete(key);
    await done(transaction);
  }

  /** Forgets all edits of a document: they live on as a proposal, or the person has given them up. */
  drop(document: string): Promise<void> {
    return this.forget(document, Number.MAX_SAFE_INTEGER);
  }

  close(): void {
    this.database.close();
  }
}
