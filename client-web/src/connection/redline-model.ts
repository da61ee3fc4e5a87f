// Redlines as the server sends them, read into values.
import type { Answer } from './answer';

export interface Run {
  readonly op: 'same' | 'insert' | 'delete';
  readonly text: string;
  readonly marks: readonly string[];
  /** The words of a footnote, which may have changed inside. */
  readonly note?: readonly Run[];
  /** The same words stand beside it with other marks. */
  readonly formatOnly?: boolean;
}

export interface RedlineBlock {
  readonly change: 'same' | 'changed' | 'inserted' | 'deleted';
  readonly type: string;
  readonly depth: number;
  readonly runs: readonly Run[];
  readonly moved?: boolean;
}

export interface Redline {
  readonly section: string;
  readonly title: readonly Run[];
  readonly blocks: readonly RedlineBlock[];
  readonly wordsInserted: number;
  readonly wordsDeleted: number;
  /** The short form that holds where one of the two texts is not the agreed one. */
  readonly disclaimer: string | null;
}

function readRun(a: Answer): Run {
  return {
    op: a.oneOf('op', ['same', 'insert', 'delete'], 'same'),
    text: a.textOr('text', ''),
    marks: a.texts('marks'),
    ...(a.has('note') ? { note: a.list('note', readRun) } : {}),
    ...(a.flag('format_only') ? { formatOnly: true } : {}),
  };
}

export function readRedline(a: Answer): Redline {
  return {
    section: a.textOr('section', ''),
    title: a.list('title', readRun),
    blocks: a.list('blocks', (b) => ({
      change: b.oneOf('change', ['same', 'changed', 'inserted', 'deleted'], 'same'),
      type: b.textOr('type', 'paragraph'),
      depth: b.numberOr('depth', 0),
      runs: b.list('runs', readRun),
      ...(b.flag('moved') ? { moved: true } : {}),
    })),
    wordsInserted: a.numberOr('words_inserted', 0),
    wordsDeleted: a.numberOr('words_deleted', 0),
    disclaimer: a.textOr('disclaimer', null),
  };
}
