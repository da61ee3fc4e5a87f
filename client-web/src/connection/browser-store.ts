// The little that is needed of IndexedDB, as promises.

export function done(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onerror = () => reject(transaction.error ?? new Error('The browser store failed.'));
    transaction.onabort = () => reject(transaction.error ?? new Error('The browser store failed.'));
  });
}

export function answer<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('The browser store failed.'));
  });
}

/** Null where the browser offers no store, as in some private windows. `make` builds the tables of a new version. */
export async function openStore(name: string, version: number, make: (database: IDBDatabase) => void): Promise<IDBDatabase | null> {
  if (typeof indexedDB === 'undefined') return null;
  try {
    const request = indexedDB.open(name, version);
    request.onupgradeneeded = () => make(request.result);
    const database = await answer(request);
    // Another tab deletes the store, at a sign-out: from here on nothing can be written into it.
    database.onversionchange = () => database.close();
    return database;
  } catch {
    return null;
  }
}

/** Deletes a store, also while other tabs have it open. */
export function deleteStore(name: string): Promise<void> {
  if (typeof indexedDB === 'undefined') return Promise.resolve();
  return new Promise((resolve) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = () => resolve();
    request.onerror = () => resolve();
    request.onblocked = () => undefined;
  });
}

export async function storeNames(prefix: string): Promise<readonly string[]> {
  if (typeof indexedDB === 'undefined') return [];
  const all = await indexedDB.databases().catch(() => []);
  return all.flatMap(({ name }) => (name?.startsWith(prefix) === true ? [name] : []));
}
