import { afterEach, describe, expect, it } from 'vitest';
import { TextSelection } from 'prosemirror-state';
import * as Y from 'yjs';
import type { SectionEditor } from '../src/editor/section-editor';
import { doc, exchange, p, yDoc } from './shape';
import { editorOf, endEditors } from './section-editors';

afterEach(endEditors);

function typeLetter(editor: SectionEditor, letter: string): void {
  editor.view.dispatch(editor.view.state.tr.insertText(letter));
}

describe('two people typing at one place', () => {
  for (const [name, at] of [
    ['the start', 1],
    ['the middle', 6],
    ['the end', 11],
  ] as const) {
    it(`keep whole words at ${name} of a paragraph`, () => {
      const one = yDoc(doc(p('some words')));
      const two = new Y.Doc();
      exchange(one, two);
      const [a, b] = [editorOf(one), editorOf(two)];
      for (const editor of [a, b]) editor.view.dispatch(editor.view.state.tr.setSelection(TextSelection.create(editor.view.state.doc, at)));
      for (const [x, y] of [['a', 'b'], ['l', 'e'], ['p', 't'], ['h', 'a'], ['a', '!']] as const) {
        typeLetter(a, x);
        typeLetter(b, y);
        exchange(one, two);
      }
      expect(a.view.state.doc.textContent).toBe(b.view.state.doc.textContent);
      expect(a.view.state.doc.textContent).toContain('alpha');
      expect(a.view.state.doc.textContent).toContain('beta!');
    });
  }
});
