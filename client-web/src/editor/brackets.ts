// Square brackets: which ranges carry them, where their signs stand, and the commands that put and lift them. A break,
// a footnote and a space belong to the brackets that the text on both sides carries, as in the canonical text.
import type { Node } from 'prosemirror-model';
import { Plugin, TextSelection } from 'prosemirror-state';
import type { Command, EditorState } from 'prosemirror-state';
import { Decoration, DecorationSet } from 'prosemirror-view';
import { schema } from './schema';

export interface BracketEdge {
  /** Offset in the text block's content. */
  readonly offset: number;
  readonly sign: '[' | ']';
  readonly id: string;
}

function idsOf(node: Node): readonly string[] {
  return node.marks.filter((mark) => mark.type.name === 'bracket').map((mark) => String(mark.attrs['id']));
}

/** The signs of one text block, in reading order. */
export function bracketEdges(block: Node): readonly BracketEdge[] {
  const children: Node[] = [];
  block.forEach((child) => void children.push(child));
  const own = children.map((child) => (child.isText ? idsOf(child) : null));
  const after = (from: number): readonly string[] => own.slice(from + 1).find((ids) => ids !== null) ?? [];
  const edges: BracketEdge[] = [];
  let open: readonly string[] = [];
  let offset = 0;
  children.forEach((child, index) => {
    const next = after(index);
    const wanted = own[index] ?? open.filter((id) => next.includes(id));
    for (const id of open) if (!wanted.includes(id)) edges.push({ offset, sign: ']', id });
    for (const id of wanted) if (!open.includes(id)) edges.push({ offset, sign: '[', id });
    open = wanted;
    offset += child.nodeSize;
  });
  for (const id of open) edges.push({ offset, sign: ']', id });
  return edges;
}

export function bracketSign({ sign, id }: BracketEdge): HTMLElement {
  const dom = document.createElement('span');
  dom.className = 'bracket-sign';
  dom.dataset['mark'] = id;
  dom.textContent = sign;
  return dom;
}

function decorate(doc: Node): DecorationSet {
  const signs: Decoration[] = [];
  doc.descendants((node, pos) => {
    if (!node.inlineContent) return true;
    bracketEdges(node).forEach((edge, order) => {
      const side = edge.sign === '[' ? 1 : -1;
      signs.push(
        Decoration.widget(pos + 1 + edge.offset, () => bracketSign(edge), {
          side,
          marks: [],
          ignoreSelection: true,
          key: `${edge.sign}${edge.offset}.${order}.${edge.id}`,
        }),
      );
    });
    return true;
  });
  return DecorationSet.create(doc, signs);
}

/** Draws the signs in an editor; the static rendering writes the same elements. */
export function bracketPlugin(): Plugin {
  return new Plugin<DecorationSet>({
    state: {
      init: (_config, state) => decorate(state.doc),
      apply: (tr, held) => (tr.docChanged ? decorate(tr.doc) : held),
    },
    props: {
      decorations(state) {
        return this.getState(state);
      },
    },
  });
}

function newBracketId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(6));
  return [...bytes].map((b) => (b % 36).toString(36)).join('');
}

/** How many brackets a document holds: a bracket over several paragraphs or marks is one. */
export function countBrackets(doc: Node): number {
  const ids = new Set<string>();
  doc.descendants((node) => {
    if (node.isText) for (const id of idsOf(node)) ids.add(id);
  });
  return ids.size;
}

/** The id of the innermost bracket around the selection's start, or null. */
export function bracketAt(state: EditorState): string | null {
  const { $from, empty } = state.selection;
  const marks = empty ? [...($from.nodeBefore?.marks ?? []), ...($from.nodeAfter?.marks ?? [])] : ($from.nodeAfter?.marks ?? []);
  const ids = marks.filter((mark) => mark.type.name === 'bracket').map((mark) => String(mark.attrs['id']));
  return ids.at(-1) ?? null;
}

/** A double click or a key takes the space after a word along; it does not belong into the brackets. */
function withoutOuterSpaces(state: EditorState): { readonly from: number; readonly to: number } {
  const { $from, $to } = state.selection;
  let { from, to } = state.selection;
  const isSpace = (at: number): boolean => /^\s$/u.test(state.doc.textBetween(at, at + 1));
  while (from < to && from < $from.end() && isSpace(from)) from += 1;
  while (to > from && to > $to.start() && isSpace(to - 1)) to -= 1;
  return { from, to };
}

/** Puts brackets around the selected words. */
export const putBrackets: Command = (state, dispatch) => {
  if (state.selection.empty || !(state.selection instanceof TextSelection)) return false;
  const { from, to } = withoutOuterSpaces(state);
  if (from >= to) return false;
  const mark = schema.marks['bracket']?.create({ id: newBracketId() });
  if (mark === undefined) return false;
  if (dispatch) dispatch(state.tr.addMark(from, to, mark).scrollIntoView());
  return true;
};

/** Lifts the innermost bracket at the cursor: its words stay. */
export const liftBrackets: Command = (state, dispatch) => {
  const id = bracketAt(state);
  if (id === null) return false;
  if (dispatch) {
    const tr = state.tr;
    state.doc.descendants((node, pos) => {
      if (!node.isText) return true;
      const mark = node.marks.find((m) => m.type.name === 'bracket' && m.attrs['id'] === id);
      if (mark !== undefined) tr.removeMark(pos, pos + node.nodeSize, mark);
      return false;
    });
    dispatch(tr);
  }
  return true;
};

/** One key for both: lifts where there is a bracket and nothing is selected, puts them otherwise. */
export const toggleBrackets: Command = (state, dispatch) =>
  state.selection.empty ? liftBrackets(state, dispatch) : putBrackets(state, dispatch);
