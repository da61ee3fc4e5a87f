// Tiny documents for tests, written as `doc(p('one ', strong('two')))`, and the Yjs side of the same.
import type { Mark, Node } from 'prosemirror-model';
import { prosemirrorToYXmlFragment } from 'y-prosemirror';
import * as Y from 'yjs';
import { schema } from '../src/editor/schema';

type Part = string | Node | readonly Node[];

function flat(parts: readonly Part[]): Node[] {
  return parts.flatMap((part) => (typeof part === 'string' ? [schema.text(part)] : Array.isArray(part) ? [...part] : [part as Node]));
}

const block =
  (name: string, attrs: Record<string, unknown> = {}) =>
  (...parts: Part[]): Node =>
    schema.node(name, attrs, flat(parts));

function marked(mark: Mark, parts: readonly Part[]): readonly Node[] {
  return flat(parts).map((node) => node.mark(mark.addToSet(node.marks)));
}

export const doc = block('doc');
export const p = block('paragraph');
export const rtl = block('paragraph', { dir: 'rtl', lang: 'ar' });
export const h = (level: number, ...parts: Part[]): Node => block('heading', { level })(...parts);
export const ul = block('bullet_list');
export const ol = (order: number, ...parts: Part[]): Node => block('ordered_list', { order })(...parts);
export const li = block('list_item');
export const quote = block('blockquote');
export const hr = (): Node => schema.node('horizontal_rule');
export const br = (): Node => schema.node('hard_break');
export const note = block('footnote');
export const table = block('table');
export const row = block('table_row');
export const th = block('table_header');
export const td = block('table_cell');
export const strong = (...parts: Part[]): readonly Node[] => marked(schema.mark('strong'), parts);
export const em = (...parts: Part[]): readonly Node[] => marked(schema.mark('em'), parts);
export const link = (href: string, ...parts: Part[]): readonly Node[] => marked(schema.mark('link', { href }), parts);
export const bracket = (id: string, ...parts: Part[]): readonly Node[] => marked(schema.mark('bracket', { id }), parts);

/** A Yjs document with this body, as y-prosemirror writes it. */
export function yDoc(body: Node, title = ''): Y.Doc {
  const y = new Y.Doc();
  y.getText('title').insert(0, title);
  prosemirrorToYXmlFragment(body, y.getXmlFragment('body'));
  return y;
}

/** Exchanges everything between documents until they hold the same. */
export function exchange(...docs: readonly Y.Doc[]): void {
  for (const from of docs) for (const to of docs) if (from !== to) Y.applyUpdate(to, Y.encodeStateAsUpdate(from, Y.encodeStateVector(to)));
  for (const from of docs) for (const to of docs) if (from !== to) Y.applyUpdate(to, Y.encodeStateAsUpdate(from, Y.encodeStateVector(to)));
}
