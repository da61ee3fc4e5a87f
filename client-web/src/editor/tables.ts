// Table commands for a plain grid: no merged cells, inline content only. Every row keeps as many cells as the first.
import type { Node, NodeType, ResolvedPos } from 'prosemirror-model';
import { TextSelection } from 'prosemirror-state';
import type { Command, Transaction } from 'prosemirror-state';
import { schema } from './schema';

interface CellPlace {
  readonly table: Node;
  /** Position before the table. */
  readonly tablePos: number;
  readonly row: number;
  readonly column: number;
}

function type(name: string): NodeType {
  const found = schema.nodes[name];
  if (found === undefined) throw new Error(`The schema has no ${name}.`);
  return found;
}

export function cellAt($pos: ResolvedPos): CellPlace | null {
  for (let depth = $pos.depth; depth > 1; depth -= 1) {
    const name = $pos.node(depth).type.name;
    if (name !== 'table_cell' && name !== 'table_header') continue;
    return {
      table: $pos.node(depth - 2),
      tablePos: $pos.before(depth - 2),
      row: $pos.index(depth - 2),
      column: $pos.index(depth - 1),
    };
  }
  return null;
}

function cellStart(table: Node, tablePos: number, row: number, column: number): number | null {
  if (row < 0 || row >= table.childCount) return null;
  let pos = tablePos + 1;
  for (let i = 0; i < row; i += 1) pos += table.child(i).nodeSize;
  const cells = table.child(row);
  if (column < 0 || column >= cells.childCount) return null;
  pos += 1;
  for (let i = 0; i < column; i += 1) pos += cells.child(i).nodeSize;
  return pos + 1;
}

function caretTo(tr: Transaction, pos: number): Transaction {
  return tr.setSelection(TextSelection.create(tr.doc, pos)).scrollIntoView();
}

function row(cell: 'table_header' | 'table_cell', columns: number): Node {
  return type('table_row').create(null, Array.from({ length: columns }, () => type(cell).create()));
}

export const insertTable: Command = (state, dispatch) => {
  if (cellAt(state.selection.$from) !== null) return false;
  const table = type('table').create(null, [row('table_header', 3), row('table_cell', 3), row('table_cell', 3)]);
  const { $from } = state.selection;
  const inBody = $from.depth >= 1 && !isInlineHome($from);
  if (!inBody) return false;
  if (dispatch) {
    const at = $from.after(1);
    dispatch(caretTo(state.tr.insert(at, table), at + 3));
  }
  return true;
};

function isInlineHome($pos: ResolvedPos): boolean {
  return $pos.parent.type.name === 'footnote';
}

export function moveToCell(step: 1 | -1): Command {
  return (state, dispatch) => {
    const place = cellAt(state.selection.$from);
    if (place === null) return false;
    const width = place.table.child(place.row).childCount;
    const next = place.row * width + place.column + step;
    const pos = cellStart(place.table, place.tablePos, Math.floor(next / width), ((next % width) + width) % width);
    if (pos === null) return step === 1 ? addRow(state, dispatch) : false;
    if (dispatch) dispatch(caretTo(state.tr, pos));
    return true;
  };
}

export const addRow: Command = (state, dispatch) => {
  const place = cellAt(state.selection.$from);
  if (place === null) return false;
  if (dispatch) {
    let at = place.tablePos + 1;
    for (let i = 0; i <= place.row; i += 1) at += place.table.child(i).nodeSize;
    dispatch(caretTo(state.tr.insert(at, row('table_cell', place.table.child(place.row).childCount)), at + 2));
  }
  return true;
};

export const removeRow: Command = (state, dispatch) => {
  const place = cellAt(state.selection.$from);
  if (place === null) return false;
  if (dispatch) {
    if (place.table.childCount === 1) {
      dispatch(state.tr.delete(place.tablePos, place.tablePos + place.table.nodeSize));
      return true;
    }
    let from = place.tablePos + 1;
    for (let i = 0; i < place.row; i += 1) from += place.table.child(i).nodeSize;
    dispatch(state.tr.delete(from, from + place.table.child(place.row).nodeSize).scrollIntoView());
  }
  return true;
};

export const addColumn: Command = (state, dispatch) => {
  const place = cellAt(state.selection.$from);
  if (place === null) return false;
  if (dispatch) {
    const tr = state.tr;
    for (let i = place.table.childCount - 1; i >= 0; i -= 1) {
      const start = cellStart(place.table, place.tablePos, i, place.column);
      const cell = place.table.child(i).maybeChild(place.column);
      if (start !== null && cell) tr.insert(start - 1 + cell.nodeSize, cell.type.create());
    }
    dispatch(tr.scrollIntoView());
  }
  return true;
};

export const removeColumn: Command = (state, dispatch) => {
  const place = cellAt(state.selection.$from);
  if (place === null) return false;
  if (dispatch) {
    if (place.table.child(place.row).childCount === 1) {
      dispatch(state.tr.delete(place.tablePos, place.tablePos + place.table.nodeSize));
      return true;
    }
    const tr = state.tr;
    for (let i = place.table.childCount - 1; i >= 0; i -= 1) {
      const start = cellStart(place.table, place.tablePos, i, place.column);
      const cell = place.table.child(i).maybeChild(place.column);
      if (start !== null && cell && place.table.child(i).childCount > 1) tr.delete(start - 1, start - 1 + cell.nodeSize);
    }
    dispatch(tr.scrollIntoView());
  }
  return true;
};
