// Lifts every bracket of a section by ordinary edits of the living document, as one step that can be undone.
import * as Y from 'yjs';
import { markName } from './reading';
import { titleOrigin, undoManagerOf } from './undo';

interface Textual {
  readonly body: Y.XmlFragment;
  readonly doc: Y.Doc;
}

export function liftAllBrackets({ doc, body }: Textual): void {
  const history = undoManagerOf(doc);
  history.stopCapturing();
  doc.transact(() => walk(body), titleOrigin);
  history.stopCapturing();
}

function walk(parent: Y.XmlFragment): void {
  for (const child of parent.toArray()) {
    if (child instanceof Y.XmlElement) walk(child);
    else if (child instanceof Y.XmlText) lift(child);
  }
}

function lift(text: Y.XmlText): void {
  let at = 0;
  for (const piece of text.toDelta() as readonly { insert: unknown; attributes?: Record<string, unknown> }[]) {
    const length = typeof piece.insert === 'string' ? piece.insert.length : 1;
    const brackets = Object.keys(piece.attributes ?? {}).filter((key) => markName(key) === 'bracket');
    if (brackets.length > 0) text.format(at, length, Object.fromEntries(brackets.map((key) => [key, null])));
    at += length;
  }
}
