import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { readBody } from '../src/editor/reading';
import { renderStatic } from '../src/editor/static-view';
import { bracket, br, doc, em, exchange, h, hr, li, link, note, ol, p, quote, row, rtl, strong, table, td, th, ul, yDoc } from './shape';

const everything = doc(
  p('One ', strong('two ', ...em('three')), ' ', link('https://example.org', 'four'), note('A source.'), br(), 'five.'),
  rtl('نعم'),
  h(4, 'A heading'),
  ul(li(p('a')), li(p('b'), ul(li(p('c'))))),
  ol(3, li(p('d'))),
  quote(p('q')),
  hr(),
  table(row(th('x'), th('y')), row(td('1'), td('2'))),
  p(bracket('b1', 'not ', ...bracket('b2', 'yet'), ' agreed')),
);

function html(body: Y.XmlFragment): string {
  const place = document.createElement('div');
  place.append(renderStatic(readBody(body).doc));
  return place.innerHTML;
}

describe('reading a body', () => {
  it('gives back every node and mark of the schema', () => {
    const reading = readBody(yDoc(everything).getXmlFragment('body'));
    expect(reading.unknown).toEqual([]);
    expect(reading.wouldPrune).toBe(false);
    expect(reading.doc.toJSON()).toEqual(everything.toJSON());
  });

  it('never writes to the document it reads', () => {
    const y = yDoc(everything);
    const strange = new Y.XmlElement('video');
    strange.insert(0, [new Y.XmlText('some words')]);
    y.getXmlFragment('body').insert(0, [strange, new Y.XmlElement('bullet_list')]);
    const before = Y.encodeStateAsUpdate(y);
    readBody(y.getXmlFragment('body'));
    expect(Y.encodeStateAsUpdate(y)).toEqual(before);
  });

  it('names unknown nodes, marks and attributes and keeps their words', () => {
    const y = yDoc(doc(p('known')));
    const strange = new Y.XmlElement('video');
    strange.insert(0, [new Y.XmlText('some words')]);
    const coloured = new Y.XmlElement('paragraph');
    coloured.setAttribute('colour', 'red');
    const text = new Y.XmlText();
    text.insert(0, 'red', { colour: {} });
    coloured.insert(0, [text]);
    y.getXmlFragment('body').insert(1, [strange, coloured]);
    const reading = readBody(y.getXmlFragment('body'));
    expect(reading.unknown).toEqual(['mark colour', 'paragraph colour', 'video']);
    expect(reading.doc.textContent).toBe('knownsome wordsred');
  });

  it('tells a list without items from one with words', () => {
    const y = yDoc(doc(p('known')));
    y.getXmlFragment('body').insert(1, [new Y.XmlElement('bullet_list')]);
    const reading = readBody(y.getXmlFragment('body'));
    expect(reading.wouldPrune).toBe(true);
    expect(reading.unknown).toEqual([]);
  });

  it('reads an empty body as one empty paragraph', () => {
    expect(readBody(new Y.Doc().getXmlFragment('body')).doc.childCount).toBe(1);
  });

  it('keeps both people’s words typed at one place', () => {
    const one = yDoc(doc(p('start end')));
    const two = new Y.Doc();
    exchange(one, two);
    const textOf = (y: Y.Doc): Y.XmlText => (y.getXmlFragment('body').get(0) as Y.XmlElement).get(0) as Y.XmlText;
    textOf(one).insert(6, 'mine ');
    textOf(two).insert(6, 'yours ');
    exchange(one, two);
    const words = readBody(one.getXmlFragment('body')).doc.textContent;
    expect(words).toBe(readBody(two.getXmlFragment('body')).doc.textContent);
    expect(words).toContain('mine');
    expect(words).toContain('yours');
  });
});

describe('the static rendering', () => {
  it('writes bracket signs as text, nested ones inside each other', () => {
    expect(html(yDoc(doc(p('x ', bracket('b1', 'not ', ...bracket('b2', 'yet'), ' agreed')))).getXmlFragment('body')).replace(/<[^>]+>/g, '')).toBe(
      'x [not [yet] agreed]',
    );
  });

  it('does not close a bracket at a footnote inside it', () => {
    const y = yDoc(doc(p(bracket('b1', 'before'), note('source'), bracket('b1', 'after'))));
    expect(html(y.getXmlFragment('body')).replace(/<[^>]+>/g, '')).toBe('[beforesourceafter]');
  });

  it('leaves out links with an address that is not for people', () => {
    const out = html(yDoc(doc(p(link('javascript:alert(1)', 'press')))).getXmlFragment('body'));
    expect(out).not.toContain('javascript');
    expect(out).toContain('press');
  });

  it('lets the browser find the direction, unless the paragraph has one', () => {
    const out = html(yDoc(doc(p('yes'), rtl('نعم'))).getXmlFragment('body'));
    expect(out).toBe('<p dir="auto">yes</p><p dir="rtl" lang="ar">نعم</p>');
  });
});
