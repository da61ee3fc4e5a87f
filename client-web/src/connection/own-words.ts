// Whether a replica can still tell the server a person's own words as they were typed. Words in a paragraph that
// somebody else deletes are deleted with it: Yjs then names them as deleted, or keeps only their length, and nobody
// could tell that they were lost (decision 0011). Such words have to go out as they were typed. Pure.
import * as Y from 'yjs';

type Decoded = ReturnType<typeof Y.decodeUpdate>;

/** Whether anything of these new items is gone from the replica without the updates themselves having deleted it. */
function isLost(doc: Y.Doc, item: Y.Item, { ds }: Decoded): boolean {
  const { client } = item.id;
  const held = doc.store.clients.get(client);
  const end = Math.min(item.id.clock + item.length, Y.getState(doc.store, client));
  for (let clock = item.id.clock; held !== undefined && clock < end; clock += 1) {
    if (held[Y.findIndexSS(held, clock)]?.deleted === true && !Y.isDeleted(ds, Y.createID(client, clock))) return true;
  }
  return false;
}

/** All updates that the server has not confirmed, as one, if the replica lost any of their words; otherwise null. */
export function lostWords(doc: Y.Doc, unconfirmed: readonly Uint8Array[]): Uint8Array | null {
  if (unconfirmed.length === 0) return null;
  const all = Y.mergeUpdates([...unconfirmed]);
  const decoded = Y.decodeUpdate(all);
  return decoded.structs.some((struct) => struct instanceof Y.Item && isLost(doc, struct, decoded)) ? all : null;
}
