import { describe, expect, it } from 'vitest';
import { DOMParser as ModelParser } from 'prosemirror-model';
import { cleanPastedHtml } from '../src/editor/paste';
import { schema } from '../src/editor/schema';

function pasted(html: string): string {
  const place = document.createElement('div');
  place.innerHTML = cleanPastedHtml(html).html;
  return ModelParser.fromSchema(schema).parse(place).toString();
}

describe('what is pasted', () => {
  it('keeps a list from Word as a list, with its levels', () => {
    const item = (level: number, sign: string, words: string): string =>
      `<p class=MsoListParagraph style='mso-list:l0 level${level} lfo1'><![if !supportLists]><span style='mso-list:Ignore'>${sign}</span><![endif]>${words}<o:p></o:p></p>`;
    expect(pasted(`<p>Before</p>${item(1, '·', 'one')}${item(2, 'o', 'deep')}${item(1, '·', 'two')}`)).toBe(
      'doc(paragraph("Before"), bullet_list(list_item(paragraph("one"), bullet_list(list_item(paragraph("deep")))), list_item(paragraph("two"))))',
    );
    expect(pasted(item(1, '1.', 'first'))).toBe('doc(ordered_list(list_item(paragraph("first"))))');
  });

  it('keeps emphasis written as a style, and drops colours and fonts', () => {
    expect(pasted('<p><span style="font-weight:bold;color:red">yes</span> <font color="red">no</font></p>')).toBe(
      'doc(paragraph(strong("yes"), " no"))',
    );
  });

  it('counts pictures and leaves them out', () => {
    const clean = cleanPastedHtml('<p>a<img src="x.png">b</p>');
    expect(clean.pictures).toBe(1);
    expect(pasted('<p>a<img src="x.png">b</p>')).toBe('doc(paragraph("ab"))');
  });

  it('loses a link that is no address for people, not its words', () => {
    expect(pasted('<p><a href="javascript:alert(1)">press</a></p>')).toBe('doc(paragraph("press"))');
  });

  it('leaves out the disclaimer of an excerpt copied from the page', () => {
    expect(pasted('<p data-bossey="disclaimer">[Draft, not agreed]</p><p>Words</p>')).toBe('doc(paragraph("Words"))');
  });

  it('makes large headings headings of a section', () => {
    expect(pasted('<h1>Title</h1>')).toBe('doc(heading("Title"))');
  });
});
