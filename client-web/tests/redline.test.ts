// @vitest-environment node
import { describe, expect, it } from 'vitest';
import type { Redline, Run } from '../src/connection';
import { showRedline, stepChange } from '../src/history/redline';

const run = (op: Run['op'], text: string): Run => ({ op, text, marks: [] });

const changed: Redline = {
  section: 'a',
  title: [run('same', 'Forum')],
  blocks: [
    { change: 'same', type: 'paragraph', depth: 0, runs: [run('same', 'As it was.')] },
    { change: 'changed', type: 'paragraph', depth: 0, runs: [run('same', 'All '), run('delete', 'may'), run('insert', 'can'), run('same', ' speak.')] },
    { change: 'inserted', type: 'list_item', depth: 1, runs: [run('insert', 'New.')] },
    { change: 'deleted', type: 'paragraph', depth: 0, runs: [run('delete', 'Gone.')] },
  ],
  wordsInserted: 2,
  wordsDeleted: 2,
  disclaimer: null,
};

const same: Redline = { ...changed, section: 'b', blocks: changed.blocks.slice(0, 1), wordsInserted: 0, wordsDeleted: 0 };

describe('the redline', () => {
  it('numbers every change of the page, through all sections', () => {
    const shown = showRedline([changed, { ...changed, section: 'c' }], false);
    expect(shown.changes).toBe(6);
    expect(shown.sections[1]?.blocks.map((b) => b.change)).toEqual([null, 3, 4, 5]);
  });

  it('leaves out sections without a change when asked', () => {
    expect(showRedline([changed, same], true).sections.map((s) => s.section)).toEqual(['a']);
    expect(showRedline([changed, same], false).sections).toHaveLength(2);
  });

  it('pairs the sides: what was added has no before, what was taken out no after', () => {
    const rows = showRedline([changed], false).sections[0]?.rows ?? [];
    expect(rows.map((r) => [r.before?.map((x) => x.text).join('') ?? null, r.after?.map((x) => x.text).join('') ?? null])).toEqual([
      ['As it was.', 'As it was.'],
      ['All may speak.', 'All can speak.'],
      [null, 'New.'],
      ['Gone.', null],
    ]);
  });

  it('shows on each side only that side’s words, in footnotes too', () => {
    const note = [run('same', 'See '), run('delete', 'one'), run('insert', 'two')];
    const block = { change: 'changed', type: 'paragraph', depth: 0, runs: [run('same', 'Text'), { ...run('same', ''), note }] } as const;
    const [row] = showRedline([{ ...changed, blocks: [block] }], false).sections[0]?.rows ?? [];
    expect(row?.before?.[1]?.note?.map((r) => r.text)).toEqual(['See ', 'one']);
    expect(row?.after?.[1]?.note?.map((r) => r.text)).toEqual(['See ', 'two']);
  });

  it('counts a changed title as a change', () => {
    const shown = showRedline([{ ...same, title: [run('delete', 'Old'), run('insert', 'New')] }], true);
    expect(shown.changes).toBe(1);
    expect(shown.sections[0]?.titleChange).toBe(0);
  });

  it('adds up the words', () => {
    expect(showRedline([changed, changed], false)).toMatchObject({ wordsInserted: 4, wordsDeleted: 4 });
  });

  it('goes round from the last change to the first', () => {
    expect(stepChange(-1, 1, 3)).toBe(0);
    expect(stepChange(2, 1, 3)).toBe(0);
    expect(stepChange(-1, -1, 3)).toBe(2);
    expect(stepChange(0, 1, 0)).toBe(-1);
  });
});
