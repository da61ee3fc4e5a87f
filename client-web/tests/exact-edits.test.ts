import { afterEach, describe, expect, it } from 'vitest';
import { toggleMark } from 'prosemirror-commands';
import type { Node } from 'prosemirror-model';
import { TextSelection } from 'prosemirror-state';
import * as Y from 'yjs';
import { readBody } from '../src/editor/reading';
import { schema } from '../src/editor/schema';
import type { SectionEditor } from '../src/editor/section-editor';
import { undoManagerOf } from '../src/editor/undo';
import { doc, em, exchange, li, note, p, strong, ul, yDoc } from './shape';
import { editorOf, endEditors, right } from './section-editors';

afterEach(endEditors);

function typeAt(editor: SectionEditor, at: number, words: string): void {
  const { state } = editor.view;
  editor.view.dispatch(state.tr.setSelection(TextSelection.create(state.doc, at)));
  for (const letter of words) editor.view.dispatch(editor.view.state.tr.insertText(letter));
}

/** The words in a shared document that one client has written, in the order of the text. */
function wordsOf(y: Y.Doc, client: number): string {
  let found = '';
  const walk = (type: Y.AbstractType<unknown>): void => {
    for (let item = type._start; item !== null; item = item.right) {
      if (item.deleted) continue;
      if (item.content instanceof Y.ContentString && item.id.client === client) found += item.content.str;
      if (item.content instanceof Y.ContentType) walk(item.content.type as Y.AbstractType<unknown>);
    }
  };
  walk(y.getXmlFragment('body') as Y.AbstractType<unknown>);
  return found;
}

/** The editor and its shared document say the same, and the binding knows it. */
function agrees(editor: SectionEditor, y: Y.Doc): void {
  expect(readBody(y.getXmlFragment('body')).doc.eq(editor.view.state.doc)).toBe(true);
}

describe('letters that look alike', () => {
  it('stay with the person who typed them', () => {
    const one = yDoc(doc(p()));
    const a = editorOf(one);
    typeAt(a, 1, 'alpha ');
    const two = new Y.Doc();
    exchange(one, two);
    const b = editorOf(two);
    typeAt(b, 1, 'gamma ');
    exchange(one, two);
    expect(a.view.state.doc.textContent).toBe('gamma alpha ');
    expect(wordsOf(one, one.clientID)).toBe('alpha ');
    expect(wordsOf(one, two.clientID)).toBe('gamma ');
    undoManagerOf(one).undo();
    exchange(one, two);
    expect(b.view.state.doc.textContent).toBe('gamma ');
  });

  it('are deleted where the cursor stands', () => {
    const one = yDoc(doc(p()));
    typeAt(editorOf(one), 1, 'aa');
    const two = new Y.Doc();
    exchange(one, two);
    const b = editorOf(two);
    typeAt(b, 2, 'a');
    b.view.dispatch(b.view.state.tr.delete(1, 2));
    b.view.dispatch(b.view.state.tr.delete(2, 3));
    expect(wordsOf(two, two.clientID)).toBe('a');
    expect(wordsOf(two, one.clientID)).toBe('');
  });

  it('are kept apart in a list, between footnotes and in bold', () => {
    const one = yDoc(doc(ul(li(p('first')), li(p('aa', note('n'), 'bb', strong('cc'))))));
    const two = new Y.Doc();
    exchange(one, two);
    const b = editorOf(two);
    const { doc: seen } = b.view.state;
    let at = 0;
    seen.descendants((node: Node, position: number) => {
      if (node.text === 'aa') at = position;
    });
    for (const place of [at + 8, at + 5, at + 1]) typeAt(b, place, b.view.state.doc.textBetween(place, place + 1));
    agrees(b, two);
    exchange(one, two);
    expect(wordsOf(one, two.clientID)).toBe('abc');
    expect(b.view.state.doc.textContent).toBe('firstaaanbbbccc');
    expect(b.view.state.doc.rangeHasMark(at + 10, at + 13, schema.mark('strong').type)).toBe(true);
  });
});

describe('the exact way of writing', () => {
  it('writes marks that the words around do not have', () => {
    const one = yDoc(doc(p('plain ', em('slanted'))));
    const a = editorOf(one);
    a.view.dispatch(a.view.state.tr.setSelection(TextSelection.create(a.view.state.doc, 3)));
    toggleMark(schema.mark('strong').type)(a.view.state, a.view.dispatch);
    a.view.dispatch(a.view.state.tr.insertText('x'));
    a.view.dispatch(a.view.state.tr.insertText('y'));
    agrees(a, one);
    expect(a.view.state.doc.eq(doc(p('pl', strong('xy'), 'ain ', em('slanted'))))).toBe(true);
  });

  it('writes nothing that the editor has not taken', () => {
    const one = yDoc(doc(p('text')));
    const a = editorOf(one);
    const before = Y.encodeStateVector(one);
    right.write = false;
    a.view.dispatch(a.view.state.tr.insertText('x', 2));
    right.write = true;
    a.view.dispatch(a.view.state.tr.setSelection(TextSelection.create(a.view.state.doc, 1)));
    expect(Y.encodeStateVector(one)).toEqual(before);
    agrees(a, one);
  });

  it('halves no character that takes two units', () => {
    const one = yDoc(doc(p('😀')));
    const a = editorOf(one);
    a.view.dispatch(a.view.state.tr.replaceWith(2, 3, schema.text('\uDE01')));
    expect(one.getXmlFragment('body').toString()).not.toContain('\uFFFD');
  });

  it('ends in the same text as the editor after any edits of two people', () => {
    const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
    let state = seed;
    const random = (below: number): number => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    const one = yDoc(doc(p('ab ab ', note('aa'), 'ba'), ul(li(p('aab')), li(p(strong('ab'), 'b'))), p()));
    const two = new Y.Doc();
    exchange(one, two);
    const pair = [editorOf(one), editorOf(two)] as const;
    for (let round = 0; round < 400; round += 1) {
      const editor = pair[random(2) as 0 | 1];
      const { tr, doc: seen } = editor.view.state;
      const from = TextSelection.near(seen.resolve(random(seen.content.size + 1))).from;
      const place = seen.resolve(from);
      const kind = random(10);
      if (kind < 6) tr.insertText('aab '.slice(0, 1 + random(4)), from, Math.min(place.end(), from + random(3)));
      else if (kind < 8) tr.delete(from, Math.min(place.end(), from + 1 + random(3)));
      else if (kind === 8) tr.addMark(from, Math.min(place.end(), from + 2), schema.mark('em'));
      else if (place.depth === 1) tr.split(from);
      editor.view.dispatch(tr);
      if (random(3) === 0) exchange(one, two);
      agrees(editor, editor === pair[0] ? one : two);
    }
    exchange(one, two);
    agrees(pair[0], one);
    expect(pair[0].view.state.doc.eq(pair[1].view.state.doc), `SEED=${seed}`).toBe(true);
  });
});
