// @vitest-environment jsdom
import { Slice } from 'prosemirror-model';
import { describe, expect, it } from 'vitest';
import { ExcerptSerializer, excerptText } from '../src/editor/excerpt';
import { cleanPastedHtml } from '../src/editor/paste';
import { schema } from '../src/editor/schema';

const body = schema.node('doc', null, [schema.node('paragraph', null, [schema.text('The forum.')])]);
const slice = new Slice(body.content, 0, 0);

function html(disclaimer: string): string {
  const box = document.createElement('div');
  box.append(new ExcerptSerializer(() => disclaimer).serializeFragment(slice.content));
  return box.innerHTML;
}

describe('a copied excerpt', () => {
  it('says that the text is not agreed, as text and as HTML', () => {
    expect(excerptText(slice.content, 'Draft, not agreed')).toBe('[Draft, not agreed]\n\nThe forum.');
    expect(html('Draft, not agreed')).toContain('[Draft, not agreed]');
  });

  it('adds nothing to agreed text', () => {
    expect(excerptText(slice.content, '')).toBe('The forum.');
    expect(html('')).toBe('<p dir="auto">The forum.</p>');
  });

  it('is pasted back without the note', () => {
    expect(cleanPastedHtml(html('Draft, not agreed')).html).toBe('<p dir="auto">The forum.</p>');
  });
});
