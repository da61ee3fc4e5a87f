// Undo of one's own edits only, one history for each section, title and text together. It lives as long as the
// replica: mounting and unmounting the editor does not end it.
import { defaultDeleteFilter, defaultProtectedNodes, ySyncPluginKey } from 'y-prosemirror';
import * as Y from 'yjs';

/** Marks transactions that edit a title. */
export const titleOrigin = Symbol('title');

class KeptUndoManager extends Y.UndoManager {
  /** The editor's plug-in ends "its" history when the view goes. Only its listeners go; the history stays. */
  override destroy(): void {
    for (const name of ['stack-item-added', 'stack-item-popped']) this._observers.delete(name);
  }
}

const histories = new WeakMap<Y.Doc, Y.UndoManager>();

export function undoManagerOf(doc: Y.Doc): Y.UndoManager {
  const known = histories.get(doc);
  if (known !== undefined) return known;
  const made = new KeptUndoManager([doc.getXmlFragment('body'), doc.getText('title')], {
    trackedOrigins: new Set<unknown>([ySyncPluginKey, titleOrigin]),
    deleteFilter: (item) => defaultDeleteFilter(item, defaultProtectedNodes),
    captureTransaction: (transaction) => transaction.meta.get('addToHistory') !== false,
    captureTimeout: 600,
  });
  histories.set(doc, made);
  return made;
}
