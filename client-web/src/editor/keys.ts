// Keys inside the text, and the way from one section's text into the next.
import { baseKeymap, chainCommands } from 'prosemirror-commands';
import { undoInputRule } from 'prosemirror-inputrules';
import { keymap } from 'prosemirror-keymap';
import { liftListItem, sinkListItem, splitListItem } from 'prosemirror-schema-list';
import { Selection } from 'prosemirror-state';
import type { Command, Plugin } from 'prosemirror-state';
import { actions, insertBreak, leaveFootnote, nodeType } from './commands';
import { cellAt, moveToCell } from './tables';

export interface CrossingHost {
  /** The cursor wants to leave the text downwards (1) or upwards (-1). True: it went. */
  cross(step: 1 | -1): boolean;
  /** The selection wants to go on into the next section. */
  extend(step: 1 | -1, by: 'line' | 'character'): void;
  /** Everything here is selected already: the whole report is meant. */
  selectReport(): void;
  escape(): void;
  askForLink(): void;
}

/** Up and down leave where the cursor is on the first or last line of the whole text. */
function crossLine(host: CrossingHost, step: 1 | -1): Command {
  return (state, _dispatch, view) => {
    const { selection } = state;
    if (!selection.empty || view === undefined || !view.endOfTextblock(step === 1 ? 'down' : 'up')) return false;
    const last = step === 1 ? Selection.atEnd(state.doc) : Selection.atStart(state.doc);
    return selection.$head.sameParent(last.$head) && host.cross(step);
  };
}

/** Left and right leave where no letter is left in that direction, which in Arabic is the other way round. */
function crossLetter(host: CrossingHost, key: 'left' | 'right'): Command {
  return (state, _dispatch, view) => {
    const { selection } = state;
    if (!selection.empty || view === undefined) return false;
    const at = view.domAtPos(selection.head).node;
    const element = at instanceof Element ? at : at.parentElement;
    const isRtl = element !== null && getComputedStyle(element).direction === 'rtl';
    const step = (key === 'right') === isRtl ? -1 : 1;
    const last = step === 1 ? Selection.atEnd(state.doc) : Selection.atStart(state.doc);
    return selection.head === last.head && host.cross(step);
  };
}

/** Shift and an arrow where the selection has come to the edge of the text. */
function extendBy(host: CrossingHost, step: 1 | -1, by: 'line' | 'character'): Command {
  return (state) => {
    const edge = step === 1 ? Selection.atEnd(state.doc) : Selection.atStart(state.doc);
    if (state.selection.head !== edge.head) return false;
    host.extend(step, by);
    return true;
  };
}

function selectMore(host: CrossingHost): Command {
  return (state) => {
    const { from, to } = state.selection;
    if (from > Selection.atStart(state.doc).from || to < Selection.atEnd(state.doc).to) return false;
    host.selectReport();
    return true;
  };
}

const inTextOfList: Command = (state) => {
  const { $from } = state.selection;
  for (let depth = $from.depth; depth > 0; depth -= 1) if ($from.node(depth).type.name === 'list_item') return true;
  return false;
};

const leaveTable: Command = (state, dispatch) => {
  const place = cellAt(state.selection.$from);
  if (place === null) return false;
  if (dispatch) {
    const after = place.tablePos + place.table.nodeSize;
    const tr = state.tr;
    if (after >= tr.doc.content.size) tr.insert(after, nodeType('paragraph').create());
    dispatch(tr.setSelection(Selection.near(tr.doc.resolve(after), 1)).scrollIntoView());
  }
  return true;
};

export function sectionKeys(host: CrossingHost): readonly Plugin[] {
  const item = nodeType('list_item');
  const keep: Command = (state) => inTextOfList(state);
  return [
    keymap({
      'Mod-z': actions.undo,
      'Mod-y': actions.redo,
      'Mod-Shift-z': actions.redo,
      'Mod-b': actions.bold,
      'Mod-i': actions.italic,
      'Mod-Shift-b': actions.brackets,
      'Mod-Alt-f': actions.footnote,
      'Mod-Alt-h': actions.heading,
      'Mod-Shift-7': actions.numbers,
      'Mod-Shift-8': actions.bullets,
      'Mod-Shift-9': actions.quote,
      'Mod-k': () => {
        host.askForLink();
        return true;
      },
      Backspace: undoInputRule,
      Enter: chainCommands(leaveFootnote, leaveTable, splitListItem(item)),
      'Shift-Enter': insertBreak,
      'Mod-Enter': insertBreak,
      Tab: chainCommands(moveToCell(1), sinkListItem(item), keep, () => host.cross(1)),
      'Shift-Tab': chainCommands(moveToCell(-1), liftListItem(item), keep, () => host.cross(-1)),
      ArrowDown: crossLine(host, 1),
      ArrowUp: crossLine(host, -1),
      'Shift-ArrowDown': extendBy(host, 1, 'line'),
      'Shift-ArrowUp': extendBy(host, -1, 'line'),
      'Shift-ArrowRight': extendBy(host, 1, 'character'),
      'Shift-ArrowLeft': extendBy(host, -1, 'character'),
      'Mod-a': selectMore(host),
      ArrowRight: crossLetter(host, 'right'),
      ArrowLeft: crossLetter(host, 'left'),
      Escape: () => {
        host.escape();
        return true;
      },
    }),
    keymap(baseKeymap),
  ];
}
