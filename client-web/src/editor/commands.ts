// What the toolbar and the keys do to the text. Each is a ProseMirror command: asked without dispatch, it says whether
// it can be done here.
import { chainCommands, exitCode, lift, setBlockType, toggleMark, wrapIn } from 'prosemirror-commands';
import type { MarkType, NodeType } from 'prosemirror-model';
import { liftListItem, wrapInList } from 'prosemirror-schema-list';
import { TextSelection } from 'prosemirror-state';
import type { Command, EditorState } from 'prosemirror-state';
import { redoCommand, undoCommand } from 'y-prosemirror';
import { bracketAt, toggleBrackets } from './brackets';
import { isSafeAddress, schema } from './schema';
import { addColumn, addRow, cellAt, insertTable, removeColumn, removeRow } from './tables';

export function nodeType(name: string): NodeType {
  const found = schema.nodes[name];
  if (found === undefined) throw new Error(`The schema has no ${name}.`);
  return found;
}

export function markType(name: string): MarkType {
  const found = schema.marks[name];
  if (found === undefined) throw new Error(`The schema has no ${name}.`);
  return found;
}

function isInside(state: EditorState, name: string): boolean {
  const { $from } = state.selection;
  for (let depth = $from.depth; depth > 0; depth -= 1) if ($from.node(depth).type.name === name) return true;
  return false;
}

function toggleList(name: 'bullet_list' | 'ordered_list'): Command {
  return (state, dispatch) =>
    isInside(state, name)
      ? liftListItem(nodeType('list_item'))(state, dispatch)
      : wrapInList(nodeType(name))(state, dispatch);
}

const toggleQuote: Command = (state, dispatch) =>
  isInside(state, 'blockquote') ? lift(state, dispatch) : wrapIn(nodeType('blockquote'))(state, dispatch);

const toggleHeading: Command = (state, dispatch) =>
  isInside(state, 'heading')
    ? setBlockType(nodeType('paragraph'))(state, dispatch)
    : setBlockType(nodeType('heading'), { level: 3 })(state, dispatch);

/** A footnote at the cursor; selected words become its text. The cursor goes into it. */
const insertFootnote: Command = (state, dispatch) => {
  const { $from, from, to, empty } = state.selection;
  if (!$from.parent.inlineContent || isInside(state, 'footnote') || !$from.sameParent(state.selection.$to)) return false;
  if (dispatch) {
    const words = empty ? '' : state.doc.textBetween(from, to);
    const note = nodeType('footnote').create(null, words === '' ? [] : [schema.text(words)]);
    const tr = state.tr.replaceSelectionWith(note, false);
    tr.setSelection(TextSelection.create(tr.doc, from + 1 + words.length));
    dispatch(tr.scrollIntoView());
  }
  return true;
};

/** Out of the footnote, behind its number. */
export const leaveFootnote: Command = (state, dispatch) => {
  const { $from } = state.selection;
  if ($from.parent.type.name !== 'footnote') return false;
  if (dispatch) dispatch(state.tr.setSelection(TextSelection.create(state.doc, $from.after())).scrollIntoView());
  return true;
};

export const insertBreak: Command = chainCommands(exitCode, (state, dispatch) => {
  if (!state.selection.$from.parent.inlineContent) return false;
  if (dispatch) dispatch(state.tr.replaceSelectionWith(nodeType('hard_break').create()).scrollIntoView());
  return true;
});

/** Sets the writing direction of the paragraphs in the selection; the second time back to automatic. */
function toggleDirection(dir: 'rtl' | 'ltr'): Command {
  return (state, dispatch) => {
    const { from, to } = state.selection;
    let found = false;
    const tr = state.tr;
    state.doc.nodesBetween(from, to, (node, pos) => {
      if (node.type.name !== 'paragraph') return true;
      found = true;
      const value = node.attrs['dir'] === dir ? null : dir;
      const arabic = value === 'rtl' && /\p{Script=Arabic}/u.test(node.textContent);
      tr.setNodeMarkup(pos, null, { dir: value, lang: arabic ? 'ar' : value === null ? null : node.attrs['lang'] });
      return false;
    });
    if (found && dispatch) dispatch(tr);
    return found;
  };
}

/** The address of the link at the cursor, or null. */
export function linkAt(state: EditorState): string | null {
  const { $from, empty } = state.selection;
  const marks = empty ? $from.marks() : [...($from.nodeAfter?.marks ?? []), ...$from.marks()];
  const mark = marks.find((m) => m.type.name === 'link');
  return mark === undefined ? null : String(mark.attrs['href']);
}

/** Puts a link on the selected words; on nothing selected the address itself is written. False: not a good address. */
export function setLink(address: string): Command {
  return (state, dispatch) => {
    const trimmed = address.trim();
    const href = /^[^\s:/]+@[^\s]+$/.test(trimmed) ? `mailto:${trimmed}` : trimmed.includes(':') ? trimmed : `https://${trimmed}`;
    if (trimmed === '' || !isSafeAddress(href)) return false;
    const mark = markType('link').create({ href });
    const { from, to, empty } = state.selection;
    if (dispatch) {
      dispatch(
        empty
          ? state.tr.replaceSelectionWith(schema.text(trimmed, [mark]), false)
          : state.tr.removeMark(from, to, markType('link')).addMark(from, to, mark),
      );
    }
    return true;
  };
}

export const removeLink: Command = (state, dispatch) => {
  const href = linkAt(state);
  if (href === null) return false;
  if (dispatch) {
    const { $from } = state.selection;
    const start = $from.start();
    const tr = state.tr;
    $from.parent.forEach((child, offset) => {
      if (child.marks.some((m) => m.type.name === 'link' && m.attrs['href'] === href)) {
        tr.removeMark(start + offset, start + offset + child.nodeSize, markType('link'));
      }
    });
    dispatch(tr);
  }
  return true;
};

export type ActionName =
  | 'bold'
  | 'italic'
  | 'heading'
  | 'bullets'
  | 'numbers'
  | 'quote'
  | 'footnote'
  | 'brackets'
  | 'table'
  | 'addRow'
  | 'addColumn'
  | 'removeRow'
  | 'removeColumn'
  | 'rightToLeft'
  | 'leftToRight'
  | 'undo'
  | 'redo';

export const actions: Readonly<Record<ActionName, Command>> = {
  bold: toggleMark(markType('strong')),
  italic: toggleMark(markType('em')),
  heading: toggleHeading,
  bullets: toggleList('bullet_list'),
  numbers: toggleList('ordered_list'),
  quote: toggleQuote,
  footnote: insertFootnote,
  brackets: toggleBrackets,
  table: insertTable,
  addRow,
  addColumn,
  removeRow,
  removeColumn,
  rightToLeft: toggleDirection('rtl'),
  leftToRight: toggleDirection('ltr'),
  undo: undoCommand,
  redo: redoCommand,
};

/** What holds at the cursor, for the toolbar's pressed buttons. */
export interface CursorFacts {
  readonly active: ReadonlySet<ActionName>;
  readonly possible: ReadonlySet<ActionName>;
  readonly inTable: boolean;
  readonly inList: boolean;
  readonly link: string | null;
  /** Index of the section's block that holds the cursor: where a new section could begin. */
  readonly block: number;
}

export function cursorFacts(state: EditorState): CursorFacts {
  const active = new Set<ActionName>();
  const { from, to, empty, $from } = state.selection;
  const hasMark = (name: string): boolean =>
    empty
      ? (state.storedMarks ?? $from.marks()).some((m) => m.type.name === name)
      : state.doc.rangeHasMark(from, to, markType(name));
  if (hasMark('strong')) active.add('bold');
  if (hasMark('em')) active.add('italic');
  if (isInside(state, 'heading')) active.add('heading');
  if (isInside(state, 'bullet_list')) active.add('bullets');
  if (isInside(state, 'ordered_list')) active.add('numbers');
  if (isInside(state, 'blockquote')) active.add('quote');
  if (bracketAt(state) !== null) active.add('brackets');
  if ($from.parent.attrs['dir'] === 'rtl') active.add('rightToLeft');
  if ($from.parent.attrs['dir'] === 'ltr') active.add('leftToRight');
  const possible = new Set<ActionName>();
  for (const [name, command] of Object.entries(actions) as [ActionName, Command][]) if (command(state)) possible.add(name);
  return {
    active,
    possible,
    inTable: cellAt($from) !== null,
    inList: isInside(state, 'list_item'),
    link: linkAt(state),
    block: $from.index(0),
  };
}
