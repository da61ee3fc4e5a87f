// Writes a typed or deleted word into the living document at exactly the place where it was typed. y-prosemirror compares
// the paragraph before and after instead, and cannot tell the two letters of "aa" apart: an "a" typed before somebody
// else's "a" would change places with it, and undo would later take the other person's letter.
import { ReplaceStep } from 'prosemirror-transform';
import type { Step } from 'prosemirror-transform';
import type { Node } from 'prosemirror-model';
import type { EditorState, Transaction } from 'prosemirror-state';
import { updateYFragment, ySyncPluginKey } from 'y-prosemirror';
import type { ProsemirrorBinding } from 'y-prosemirror';
import * as Y from 'yjs';

interface TextChange {
  readonly before: Node;
  readonly after: Node;
  readonly from: number;
  readonly to: number;
  readonly words: string;
}

/** Words put into, or taken out of, one block of text; null for every other step. */
function textChange(step: Step, before: Node, after: Node): TextChange | null {
  if (!(step instanceof ReplaceStep) || step.slice.openStart !== 0 || step.slice.openEnd !== 0) return null;
  let words = '';
  let onlyText = before.resolve(step.from).sameParent(before.resolve(step.to));
  step.slice.content.forEach((node) => {
    if (node.isText) words += node.text ?? '';
    else onlyText = false;
  });
  return onlyText ? { before, after, from: step.from, to: step.to, words } : null;
}

/** How many shared types the first `index` children of a node are: neighbouring text nodes are one. */
function sharedCount(node: Node, index: number): number {
  let count = 0;
  for (let i = 0; i < index; i += 1) if (!(node.child(i).isText && i > 0 && node.child(i - 1).isText)) count += 1;
  return count;
}

function splitsPair(words: string, at: number): boolean {
  return /[\uD800-\uDBFF]/.test(words.charAt(at - 1)) && /[\uDC00-\uDFFF]/.test(words.charAt(at));
}

/** The shared text that holds the change, and where in it; null if there is none yet, or the change spans more than it. */
function placeOf(block: Y.XmlElement, node: Node, from: number, to: number): { text: Y.XmlText; at: number } | null {
  for (let i = 0, start = 0; i < node.childCount; ) {
    let words = '';
    const first = i;
    while (i < node.childCount && node.child(i).isText) words += node.child(i++).text ?? '';
    if (words !== '' && from >= start && to <= start + words.length) {
      const text = block.get(sharedCount(node, first)) as unknown;
      const known = text instanceof Y.XmlText && text.length === words.length;
      if (!known || splitsPair(words, from - start) || splitsPair(words, to - start)) return null;
      return { text, at: from - start };
    }
    start += words.length;
    if (words === '') start += node.child(i++).nodeSize;
  }
  return null;
}

/** False where the shared document does not look as the editor's did: y-prosemirror's comparison then finds the change. */
function write(change: TextChange, binding: ProsemirrorBinding): boolean {
  const place = change.before.resolve(change.from);
  const path: { readonly type: Y.XmlFragment; readonly node: Node }[] = [{ type: binding.type, node: change.after }];
  let type: Y.XmlFragment = binding.type;
  let after = change.after;
  for (let depth = 0; depth < place.depth; depth += 1) {
    const node = place.node(depth);
    if (type.length !== sharedCount(node, node.childCount)) return false;
    const child = type.get(sharedCount(node, place.index(depth))) as unknown;
    if (!(child instanceof Y.XmlElement) || child.nodeName !== place.node(depth + 1).type.name) return false;
    type = child;
    after = after.child(place.index(depth));
    path.push({ type, node: after });
  }
  const block = path.pop();
  if (!(block?.type instanceof Y.XmlElement)) return false;
  const found = placeOf(block.type, place.parent, place.parentOffset, place.parentOffset + change.to - change.from);
  if (found === null) return false;
  if (change.to > change.from) found.text.delete(found.at, change.to - change.from);
  if (change.words !== '') found.text.insert(found.at, change.words);
  // The marks of the block, and what the binding knows of it; above it nothing has changed but the nodes.
  updateYFragment(binding.doc, block.type, block.node, binding);
  for (const { type: parent, node } of path) binding.mapping.set(parent, node);
  return true;
}

/** Makes the editor's binding write what `heard` has named exactly before it compares. */
export class ExactEdits {
  private changes: TextChange[] = [];

  constructor(state: EditorState) {
    const { binding } = ySyncPluginKey.getState(state) as { binding: ProsemirrorBinding };
    const compare = binding._prosemirrorChanged.bind(binding);
    binding._prosemirrorChanged = (doc: Node) => {
      const changes = this.changes;
      this.changes = [];
      binding.doc.transact(() => {
        changes.every((change) => write(change, binding));
        compare(doc);
      }, ySyncPluginKey);
    };
  }

  /** Before the view gets the state that these transactions have led to. */
  heard(transactions: readonly Transaction[]): void {
    this.changes = [];
    for (const tr of transactions) {
      if (tr.getMeta(ySyncPluginKey) !== undefined) return;
      for (const [i, step] of tr.steps.entries()) {
        const change = textChange(step, tr.docs[i] ?? tr.before, tr.docs[i + 1] ?? tr.doc);
        if (change === null) return;
        this.changes.push(change);
      }
    }
  }
}
