// Positions and calls for consensus over HTTP (docs/formats/http.md): the values, and the calls that read and change
// them. Knows nothing of the page.
import type { Answer } from './answer';
import { at, call, inReport } from './api';
import type { ReportPlace } from './api';

export type PositionKind = 'no_objection' | 'ad_ref' | 'reservation' | 'objection' | 'not_taking_part';
const kinds: readonly PositionKind[] = ['no_objection', 'ad_ref', 'reservation', 'objection', 'not_taking_part'];

/** What its holder and the chair see. */
export interface Position {
  readonly number: number;
  readonly kind: PositionKind;
  readonly mine: boolean;
  readonly floor: boolean;
  readonly holder: string | null;
  readonly words: string;
  readonly couldLiveWith: string;
  readonly at: string;
  readonly confirmBy: string | null;
  readonly outcome: string;
  readonly answer: string;
  /** It was to earlier words: keep or withdraw? */
  readonly asks: boolean;
}

export interface Positions {
  readonly textId: string;
  readonly positions: readonly Position[];
  readonly counts: readonly { readonly kind: PositionKind; readonly count: number }[];
}

export interface TakePosition {
  readonly kind: PositionKind;
  readonly text_id: string;
  readonly words?: string;
  readonly could_live_with?: string;
  readonly confirm_by?: string;
  readonly floor?: boolean;
}

export type PositionMove = 'withdraw' | 'keep' | 'confirm' | 'turn' | 'answer';

export interface CallSection {
  readonly section: string;
  readonly name: string;
  readonly textId: string;
  readonly moved: boolean;
  /** The words asked about, as the server renders them; '' in a list. */
  readonly html: string;
}

export type CallState = 'open' | 'suspended' | 'broken' | 'waiting' | 'passed' | 'adopted' | 'ended';
const states: readonly CallState[] = ['open', 'suspended', 'broken', 'waiting', 'passed', 'adopted', 'ended'];
export type CallMove = 'restart' | 'extend' | 'end' | 'confirm';

export interface Call {
  readonly number: number;
  readonly report: string;
  readonly question: string;
  readonly sections: readonly CallSection[];
  readonly opened: string;
  readonly deadline: string;
  readonly zone: string;
  readonly movedByS: number;
  readonly rule: 'consensus' | 'unanimity';
  readonly state: CallState;
  readonly roll: number;
  readonly columns: readonly { readonly column: string; readonly count: number }[];
  readonly line: string;
  readonly can: readonly string[];
  readonly decision: number | null;
  readonly mine: { readonly column: string; readonly words: string } | null;
  readonly neverReached: readonly { readonly id: number; readonly name: string }[];
  readonly answers: readonly { readonly name: string; readonly kind: PositionKind; readonly words: string; readonly couldLiveWith: string }[];
}

function readPosition(a: Answer): Position {
  return {
    number: a.number('number'),
    kind: a.oneOf('kind', kinds, 'no_objection'),
    mine: a.flag('mine'),
    floor: a.flag('floor'),
    holder: a.textOr('holder', null),
    words: a.textOr('words', ''),
    couldLiveWith: a.textOr('could_live_with', ''),
    at: a.textOr('at', ''),
    confirmBy: a.textOr('confirm_by', null),
    outcome: a.textOr('outcome', 'open'),
    answer: a.textOr('answer', ''),
    asks: a.flag('asks'),
  };
}

function readPositions(a: Answer): Positions {
  return {
    textId: a.textOr('text_id', ''),
    positions: a.list('positions', readPosition),
    counts: a.list('counts', (c) => ({ kind: c.oneOf('kind', kinds, 'no_objection'), count: c.numberOr('count', 0) })),
  };
}

function readCall(a: Answer): Call {
  const mine = a.has('mine') ? a.object('mine') : null;
  return {
    number: a.number('number'),
    report: a.textOr('report', ''),
    question: a.textOr('question', ''),
    sections: a.list('sections', (s) => ({
      section: s.text('section'),
      name: s.textOr('name', ''),
      textId: s.textOr('text_id', ''),
      moved: s.flag('moved'),
      html: s.textOr('html', ''),
    })),
    opened: a.textOr('opened', ''),
    deadline: a.textOr('deadline', ''),
    zone: a.textOr('zone', ''),
    movedByS: a.numberOr('moved_by_s', 0),
    rule: a.oneOf('rule', ['consensus', 'unanimity'], 'consensus'),
    state: a.oneOf('state', states, 'ended'),
    roll: a.numberOr('roll', 0),
    columns: a.list('columns', (c) => ({ column: c.text('column'), count: c.numberOr('count', 0) })),
    line: a.textOr('line', ''),
    can: a.texts('can'),
    decision: a.numberOr('decision', null),
    mine: mine === null ? null : { column: mine.textOr('column', ''), words: mine.textOr('words', '') },
    neverReached: a.list('never_reached', (p) => ({ id: p.number('id'), name: p.textOr('name', '') })),
    answers: a.list('answers', (p) => ({
      name: p.textOr('name', ''),
      kind: p.oneOf('kind', kinds, 'no_objection'),
      words: p.textOr('words', ''),
      couldLiveWith: p.textOr('could_live_with', ''),
    })),
  };
}

const nothing = (): void => undefined;
const ofCall = (group: string, number: number, ...rest: readonly string[]): string => at('groups', group, 'calls', String(number), ...rest);

export const consensusApi = {
  positions: (place: ReportPlace, section: string) => call('GET', inReport(place, 'sections', section, 'positions'), null, readPositions),
  takePosition: (place: ReportPlace, section: string, position: TakePosition, key: string) =>
    call('POST', inReport(place, 'sections', section, 'positions'), { key, ...position }, readPositions),
  movePosition: (
    place: ReportPlace,
    section: string,
    number: number,
    move: { readonly move: PositionMove; readonly text_id?: string; readonly words?: string },
    key: string,
  ) => call('POST', inReport(place, 'sections', section, 'positions', String(number)), { key, ...move }, readPositions),

  calls: (group: string) => call('GET', at('groups', group, 'calls'), null, (a) => a.list('calls', readCall)),
  call: (group: string, number: number) => call('GET', ofCall(group, number), null, readCall),
  openCall: (
    group: string,
    body: {
      readonly question: string;
      readonly report: string;
      readonly sections: readonly { readonly section: string; readonly text_id: string }[];
      readonly deadline: string;
      readonly zone: string;
      readonly rule: 'consensus' | 'unanimity';
    },
    key: string,
  ) => call('POST', at('groups', group, 'calls'), { key, ...body }, readCall),
  markCall: (group: string, number: number, mark: { readonly opened?: boolean; readonly person?: number }) =>
    call('POST', ofCall(group, number, 'marks'), mark, nothing),
  answerCall: (group: string, number: number, answer: { readonly kind: PositionKind; readonly words?: string; readonly could_live_with?: string }, key: string) =>
    call('POST', ofCall(group, number, 'answers'), { key, ...answer }, readCall),
  moveCall: (
    group: string,
    number: number,
    move: {
      readonly move: CallMove;
      readonly deadline?: string;
      readonly zone?: string;
      readonly sections?: readonly { readonly section: string; readonly text_id: string }[];
    },
    key: string,
  ) => call('POST', ofCall(group, number, 'moves'), { key, ...move }, readCall),
} as const;
