// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { ySyncPluginKey } from 'y-prosemirror';
import * as Y from 'yjs';
import { readBody } from '../src/editor/reading';
import { undoManagerOf } from '../src/editor/undo';
import { doc, exchange, p, yDoc } from './shape';

const textOf = (y: Y.Doc): Y.XmlText => (y.getXmlFragment('body').get(0) as Y.XmlElement).get(0) as Y.XmlText;
const words = (y: Y.Doc): string => readBody(y.getXmlFragment('body')).doc.textContent;

describe('undo', () => {
  it('takes back one’s own edit and leaves the other person’s', () => {
    const one = yDoc(doc(p('text')));
    const two = new Y.Doc();
    exchange(one, two);
    const undo = undoManagerOf(one);
    one.transact(() => textOf(one).insert(4, ' mine'), ySyncPluginKey);
    textOf(two).insert(0, 'yours ');
    exchange(one, two);
    undo.undo();
    exchange(one, two);
    expect(words(one)).toBe('yours text');
    expect(words(two)).toBe('yours text');
  });

  it('outlives the editor: ending the plug-in does not end the history', () => {
    const one = yDoc(doc(p('text')));
    const undo = undoManagerOf(one);
    one.transact(() => textOf(one).insert(4, '!'), ySyncPluginKey);
    undo.destroy();
    expect(undoManagerOf(one)).toBe(undo);
    undo.undo();
    expect(words(one)).toBe('text');
  });
});
