// The redline as the page shows it: which blocks appear, how they pair side by side, where the next change is. Pure.
import type { Redline, RedlineBlock, Run } from '../connection';

export interface ShownBlock {
  readonly block: RedlineBlock;
  /** Number of the change among all changes of the page, from 0; null for a block that is the same. */
  readonly change: number | null;
}

export interface SideBySideRow {
  readonly type: string;
  readonly depth: number;
  readonly before: readonly Run[] | null;
  readonly after: readonly Run[] | null;
  readonly change: number | null;
}

export interface ShownSection {
  readonly section: string;
  readonly title: readonly Run[];
  readonly titleChange: number | null;
  readonly blocks: readonly ShownBlock[];
  readonly rows: readonly SideBySideRow[];
}

export interface ShownRedline {
  readonly sections: readonly ShownSection[];
  readonly changes: number;
  readonly wordsInserted: number;
  readonly wordsDeleted: number;
}

const isSame = (runs: readonly Run[]): boolean => runs.every((run) => run.op === 'same');

/** One side of a comparison: what was only on the other side is left out, inside footnotes, too. */
function sideOf(runs: readonly Run[], without: Run['op']): readonly Run[] {
  return runs
    .filter((run) => run.op !== without)
    .map((run) => (run.note === undefined ? run : { ...run, note: sideOf(run.note, without) }));
}

export function beforeRuns(runs: readonly Run[]): readonly Run[] {
  return sideOf(runs, 'insert');
}

export function afterRuns(runs: readonly Run[]): readonly Run[] {
  return sideOf(runs, 'delete');
}

function rowOf({ block, change }: ShownBlock): SideBySideRow {
  const { type, depth, runs } = block;
  return {
    type,
    depth,
    change,
    before: block.change === 'inserted' ? null : beforeRuns(runs),
    after: block.change === 'deleted' ? null : afterRuns(runs),
  };
}

/** `onlyChanges` leaves out sections in which nothing changed. */
export function showRedline(redlines: readonly Redline[], onlyChanges: boolean): ShownRedline {
  let changes = 0;
  const count = (changed: boolean): number | null => {
    if (!changed) return null;
    changes += 1;
    return changes - 1;
  };
  const sections: ShownSection[] = [];
  for (const redline of redlines) {
    const titleChange = count(!isSame(redline.title));
    const blocks = redline.blocks.map((block) => ({ block, change: count(block.change !== 'same') }));
    const changed = titleChange !== null || blocks.some((b) => b.change !== null);
    if (onlyChanges && !changed) continue;
    sections.push({ section: redline.section, title: redline.title, titleChange, blocks, rows: blocks.map(rowOf) });
  }
  return {
    sections,
    changes,
    wordsInserted: redlines.reduce((sum, r) => sum + r.wordsInserted, 0),
    wordsDeleted: redlines.reduce((sum, r) => sum + r.wordsDeleted, 0),
  };
}

/** The change to go to from one, going round. -1: none chosen yet. */
export function stepChange(current: number, step: 1 | -1, changes: number): number {
  if (changes === 0) return -1;
  if (current < 0) return step === 1 ? 0 : changes - 1;
  return (current + step + changes) % changes;
}
