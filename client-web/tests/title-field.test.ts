import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { TitleField, titleChange } from '../src/editor/title-field';
import { exchange } from './shape';

const host = { cross: () => false, extend: () => undefined, selectReport: () => undefined, enterText: () => undefined, escape: () => undefined, focusChanged: () => undefined };

describe('the change of a title', () => {
  it('is the smallest one', () => {
    expect(titleChange('Forum', 'Forum function', 14)).toEqual({ at: 5, remove: 0, insert: ' function' });
    expect(titleChange('Forum function', 'Forum', 5)).toEqual({ at: 5, remove: 9, insert: '' });
    expect(titleChange('may', 'can', 3)).toEqual({ at: 0, remove: 3, insert: 'can' });
  });

  it('is put where the cursor is when letters repeat', () => {
    expect(titleChange('aaa', 'aaaa', 1)).toEqual({ at: 0, remove: 0, insert: 'a' });
    expect(titleChange('aaa', 'aaaa', 4)).toEqual({ at: 3, remove: 0, insert: 'a' });
  });
});

describe('the title field', () => {
  it('shows what others write and sends what is typed', () => {
    const one = new Y.Doc();
    const two = new Y.Doc();
    one.getText('title').insert(0, 'Forum');
    exchange(one, two);
    const element = document.createElement('span');
    const field = new TitleField(element, one.getText('title'), host);
    expect(element.textContent).toBe('Forum');
    two.getText('title').insert(5, ' function');
    exchange(one, two);
    expect(element.textContent).toBe('Forum function');
    element.textContent = 'The Forum function';
    element.dispatchEvent(new Event('input'));
    exchange(one, two);
    expect(two.getText('title').toString()).toBe('The Forum function');
    field.destroy();
  });
});
