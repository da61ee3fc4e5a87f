// What the server says of a closing (docs/formats/http.md, "Closing"): phases, corrections, versions, transmittals; and
// the calls for them.
import type { Answer } from './answer';
import { call, inReport } from './api';
import type { ReportPlace } from './api';

export const phases = ['drafting', 'plenary', 'editorial_window', 'final', 'transmitted'] as const;
export type Phase = (typeof phases)[number];
export const correctionStates = [
  'filed',
  'applied',
  'take_out',
  'needs_consent',
  'consented',
  'applied_by_consent',
  'fallen',
  'withdrawn',
] as const;
export type CorrectionState = (typeof correctionStates)[number];
export type CorrectionClass = 'editorial' | 'substantive';
export type CorrectionMove = 'flag' | 'apply' | 'take_out' | 'withdraw' | 'call';
export const riskKinds = ['obligation', 'negation', 'scope', 'number', 'date', 'name', 'bracket', 'list', 'moved'] as const;
export type RiskKind = (typeof riskKinds)[number];

export interface Risk {
  readonly kind: RiskKind;
  readonly before: string;
  readonly after: string;
}

export interface NamedSection {
  readonly section: string;
  readonly name: string;
  readonly why: string;
}

export interface Correction {
  readonly number: number;
  readonly section: string;
  readonly name: string;
  readonly place: string;
  readonly find: string;
  readonly replace: string;
  readonly class: CorrectionClass;
  readonly flagged: boolean;
  readonly risks: readonly Risk[];
  readonly filed: string;
  readonly quietEnds: string;
  readonly state: CorrectionState;
  readonly mine: boolean;
  /** Moves that this person may make now. */
  readonly may: readonly string[];
  readonly release: string;
}

export interface Release {
  readonly id: string;
  readonly at: string;
  readonly before: string;
  readonly checksum: string;
  readonly revision: string | null;
}

export interface Transmittal {
  readonly release: string;
  readonly from: string;
  readonly to: string;
  readonly at: string;
}

export interface Closing {
  readonly phase: Phase;
  readonly inTheWay: readonly NamedSection[];
  readonly leftOpen: readonly NamedSection[];
  readonly openCalls: number;
  readonly notDiscussed: boolean;
  readonly labelled: readonly string[];
  readonly window: { readonly ends: string; readonly quietSeconds: number; readonly release: string; readonly unanimous: string } | null;
  readonly corrections: readonly Correction[];
  readonly releases: readonly Release[];
  readonly transmittals: readonly Transmittal[];
}

/** The words to be corrected, and what they become. */
export interface CorrectedWords {
  readonly section: string;
  readonly text_id: string;
  readonly find: string;
  readonly replace: string;
}

export interface CorrectionChoice {
  readonly class: CorrectionClass;
  readonly insists: boolean;
  readonly place: string;
}

const readNamed = (a: Answer): NamedSection => ({ section: a.text('section'), name: a.textOr('name', ''), why: a.textOr('why', '') });

const readRisk = (a: Answer): Risk => ({
  kind: a.oneOf('kind', riskKinds, 'name'),
  before: a.textOr('before', ''),
  after: a.textOr('after', ''),
});

const readRelease = (a: Answer): Release => ({
  id: a.text('id'),
  at: a.textOr('at', ''),
  before: a.textOr('before', ''),
  checksum: a.textOr('checksum', ''),
  revision: a.textOr('revision', null),
});

const readCorrection = (a: Answer): Correction => ({
  number: a.number('number'),
  section: a.text('section'),
  name: a.textOr('name', ''),
  place: a.textOr('place', ''),
  find: a.textOr('find', ''),
  replace: a.textOr('replace', ''),
  class: a.oneOf('class', ['editorial', 'substantive'], 'substantive'),
  flagged: a.flag('flagged'),
  risks: a.list('risks', readRisk),
  filed: a.textOr('filed', ''),
  quietEnds: a.textOr('quiet_ends', ''),
  state: a.oneOf('state', correctionStates, 'filed'),
  mine: a.flag('mine'),
  may: a.texts('may'),
  release: a.textOr('release', ''),
});

function readWindow(a: Answer): Closing['window'] {
  return {
    ends: a.textOr('ends', ''),
    quietSeconds: a.numberOr('quiet_s', 0),
    release: a.textOr('release', ''),
    unanimous: a.textOr('unanimous', ''),
  };
}

export function readClosing(a: Answer): Closing {
  return {
    phase: a.oneOf('phase_name', phases, 'drafting'),
    inTheWay: a.list('in_the_way', readNamed),
    leftOpen: a.list('left_open', readNamed),
    openCalls: a.numberOr('open_calls', 0),
    notDiscussed: a.flag('not_discussed'),
    labelled: a.texts('labelled'),
    window: a.has('window') ? readWindow(a.object('window')) : null,
    corrections: a.list('corrections', readCorrection),
    releases: a.list('releases', readRelease),
    transmittals: a.list('transmittals', (t) => ({
      release: t.textOr('release', ''),
      from: t.textOr('from', ''),
      to: t.textOr('to', ''),
      at: t.textOr('at', ''),
    })),
  };
}

export interface ClosingChanged {
  readonly number: number;
  readonly sentence: string;
  readonly closing: Closing;
}

const readChanged = (a: Answer): ClosingChanged => ({
  number: a.numberOr('number', 0),
  sentence: a.textOr('sentence', ''),
  closing: readClosing(a.object('closing')),
});

export const closingApi = {
  closing: (place: ReportPlace) => call('GET', inReport(place, 'closing'), null, readClosing),
  releases: (place: ReportPlace) => call('GET', inReport(place, 'releases'), null, (a) => a.list('releases', readRelease)),
  /** `ends` and `quietSeconds` with the closing alone. */
  phase: (place: ReportPlace, to: Phase, window: { readonly ends: string; readonly quietSeconds: number } | null, key: string) =>
    call('POST', inReport(place, 'phases'), { key, to, ...(window === null ? {} : { ends: window.ends, quiet_s: window.quietSeconds }) }, readChanged),
  leaveOpen: (place: ReportPlace, sections: readonly string[], key: string) =>
    call('POST', inReport(place, 'left-open'), { key, sections: sections.map((section) => ({ section })) }, readChanged),
  label: (place: ReportPlace, section: string | null, on: boolean, key: string) =>
    call('POST', inReport(place, 'labels'), { key, on, ...(section === null ? {} : { section }) }, readChanged),
  checkCorrection: (place: ReportPlace, words: CorrectedWords) =>
    call('POST', inReport(place, 'corrections', 'check'), words, (a) => ({
      class: a.oneOf('class', ['editorial', 'substantive'], 'substantive'),
      risks: a.list('risks', readRisk),
    })),
  fileCorrection: (place: ReportPlace, words: CorrectedWords, choice: CorrectionChoice, key: string) =>
    call('POST', inReport(place, 'corrections'), { key, ...words, ...choice }, readChanged),
  moveCorrection: (place: ReportPlace, number: number, move: CorrectionMove, key: string) =>
    call('POST', inReport(place, 'corrections', String(number)), { key, move }, readChanged),
  transmit: (place: ReportPlace, step: { readonly release: string; readonly checksum: string; readonly from: string; readonly to: string; readonly at: string }, key: string) =>
    call('POST', inReport(place, 'transmittals'), { key, ...step }, readChanged),
} as const;

/** Prints and files of one version; the same for ever. */
export const releasePaths = {
  print: (place: ReportPlace, id: string) => `/g/${encodeURIComponent(place.group)}/r/${encodeURIComponent(place.report)}/releases/${encodeURIComponent(id)}/print`,
  markdown: (place: ReportPlace, id: string) => `/g/${encodeURIComponent(place.group)}/r/${encodeURIComponent(place.report)}/releases/${encodeURIComponent(id)}/report.md`,
} as const;
