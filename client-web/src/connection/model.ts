// The values the server speaks of (docs/formats/http.md), and how each is read from an answer.
import type { Answer } from './answer';
import { readRedline } from './redline-model';
import type { Redline } from './redline-model';

export type Role = 'chair' | 'secretariat' | 'member' | 'observer' | 'administrator' | 'speaking observer';
export const roles: readonly Role[] = ['chair', 'secretariat', 'member', 'observer', 'speaking observer', 'administrator'];
export type Ability = 'write' | 'decide' | 'outline' | 'create_report' | 'people' | 'see_people';

export interface Me {
  readonly id: number;
  readonly name: string;
  readonly groups: readonly { readonly slug: string; readonly name: string; readonly role: Role }[];
}

export interface Group {
  readonly slug: string;
  readonly name: string;
  readonly addressee: string;
  readonly role: Role;
  readonly can: readonly string[];
  readonly reports: readonly ReportSummary[];
  readonly privacy: string;
  readonly objectionPauseS: number;
  /** The rule that says who sees what, and for how long. */
  readonly attribution: { readonly keptDays: number; readonly attributed: boolean } | null;
  readonly meeting: Meeting | null;
  /** A closed meeting is held, and this person is not in it. */
  readonly closedMeeting: boolean;
}

/** A meeting of the group, with counts of who is there. */
export interface Meeting {
  readonly number: number;
  readonly name: string;
  readonly kind: string;
  readonly opened: string;
  readonly ended: string | null;
  readonly byHand: boolean;
  readonly present: number;
  readonly roll: number;
  readonly byCategory: Readonly<Record<string, number>>;
  readonly here: boolean;
}

export interface ReportSummary {
  readonly slug: string;
  readonly title: string;
  readonly kind: string;
  readonly phase: string;
  readonly settled: number;
  readonly sections: number;
}

export interface Status {
  /** "Draft", "In brackets", "Agreed", "Presented as alternatives", "Withdrawn"; later issues add more. */
  readonly name: string;
  readonly mark: string;
  readonly settled: boolean;
  readonly fresh: boolean;
  readonly reopened: boolean;
  readonly closed: boolean;
  /** Settled, and no longer where it stood then. */
  readonly moved: boolean;
  readonly line: string;
  readonly decision: number | null;
  readonly changedWords: number | null;
}

export const fates = ['open', 'withdrawn', 'adopted', 'refused', 'set_aside'] as const;
/** What became of a proposal; a late edit is open or withdrawn. */
export type Fate = (typeof fates)[number];

export interface SectionProposal {
  readonly number: number;
  /** `late`: words that came after a decision, its author's alone until they are handed in. */
  readonly kind: 'amendment' | 'late';
  readonly mine: boolean;
  readonly state: Fate;
  /** Grows when its words change. */
  readonly version: number;
}

export interface Section {
  readonly id: string;
  readonly parent: string | null;
  readonly depth: number;
  readonly number: string;
  readonly kind: string;
  readonly document: string;
  readonly title: string;
  readonly status: Status;
  readonly chapterLine: string | null;
  readonly disclaimer: string | null;
  readonly shortDisclaimer: string;
  readonly textId: string;
  readonly contentHash: string;
  readonly brackets: number;
  /** Brackets of which nobody has said why they are there. */
  readonly reasonsMissing: number;
  /** Of an option: where it is drawn up. */
  readonly room: string | null;
  /** Of a copy from another report. */
  readonly origin: { readonly report: string; readonly section: string; readonly line: string } | null;
  readonly unknown: boolean;
  readonly words: number;
  /** By decision: a closing may leave it unsettled. */
  readonly leftOpen: boolean;
  /** The label "Not discussed in full" stands on it. */
  readonly notDiscussed: boolean;
  readonly proposals: readonly SectionProposal[];
  /** The drafting team that writes it; null: every member does. */
  readonly team: { readonly number: number; readonly room: string } | null;
  readonly positions: PositionCounts;
}

/** How many positions stand on a section; who holds them is not in it. */
export interface PositionCounts {
  readonly objections: number;
  readonly answered: number;
  readonly reservations: number;
  readonly adRef: number;
}

/** “Any objection?” is being asked on these sections. */
export interface Pause {
  readonly id: string;
  readonly report: string;
  readonly section: string;
  readonly seconds: number;
  readonly leftMs: number;
}

export interface Report {
  readonly slug: string;
  readonly title: string;
  readonly kind: string;
  readonly phase: string;
  /** The word of the phase that never changes: "editorial_window". */
  readonly phaseName: string;
  readonly notDiscussed: boolean;
  /** Of a report that was closed. */
  readonly window: { readonly release: string; readonly ends: string; readonly openCorrections: number } | null;
  readonly version: number;
  readonly chapterLine: string;
  readonly shortDisclaimer: string;
  /** Of print and disclaimers. */
  readonly language: string;
  readonly published: { readonly at: string; readonly until: string } | null;
  readonly sections: readonly Section[];
  readonly pauses: readonly Pause[];
}

export interface Revision {
  readonly id: string;
  readonly at: string;
  readonly title: string;
  readonly author: string;
  readonly decision: number | null;
  readonly section: string | null;
  readonly sentence: string | null;
}

export interface Decision {
  readonly number: number;
  readonly at: string;
  readonly kind: string;
  readonly report: string;
  readonly section: string;
  readonly title: string;
  readonly sentence: string;
  readonly reason: string | null;
  readonly undoneBy: number | null;
  readonly refersTo: number | null;
  readonly reopenedBy: number | null;
}

export const strengths = ['must', 'should', 'could'] as const;
export type Strength = (typeof strengths)[number];

/** Words that a changed text has no place for. */
export interface LeftOut {
  readonly was: string;
  readonly words: string;
}

/** What a proposal put forward has beyond a late edit. */
export interface Amendment {
  readonly document: string;
  readonly on: number | null;
  readonly strength: Strength;
  readonly signedBy: string | null;
  readonly rivals: readonly number[];
  readonly uncontested: boolean;
  /** No word of it is changed yet: only its author sees it. */
  readonly untouched: boolean;
  readonly behind: boolean;
  /** It wants something that the text does not say already. */
  readonly asks: boolean;
  readonly overtaken: readonly LeftOut[];
  readonly left: readonly LeftOut[];
}

export interface Proposal {
  readonly number: number;
  readonly section: string;
  readonly state: Fate;
  readonly amendment: Amendment | null;
  readonly mine: boolean;
  readonly at: string;
  readonly reason: string;
  readonly canonical: string | null;
  readonly redline: Redline | null;
}

export interface PersonLink {
  readonly id: string;
  readonly made: string;
  readonly expires: string | null;
  readonly used: string | null;
}

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly category: string;
  readonly links: readonly PersonLink[];
  readonly sessions: number;
}

export function readMe(a: Answer): Me {
  const person = a.object('person');
  return {
    id: person.number('id'),
    name: person.text('name'),
    groups: a.list('groups', (g) => ({
      slug: g.text('slug'),
      name: g.text('name'),
      role: g.oneOf('role', roles, 'observer'),
    })),
  };
}

export function readGroup(a: Answer): Group {
  return {
    slug: a.text('slug'),
    name: a.text('name'),
    addressee: a.textOr('addressee', ''),
    role: a.oneOf('role', roles, 'observer'),
    can: a.texts('can'),
    privacy: a.textOr('privacy', ''),
    objectionPauseS: a.numberOr('objection_pause_s', 5),
    attribution: a.has('attribution')
      ? { keptDays: a.object('attribution').numberOr('kept_days', 0), attributed: a.object('attribution').flag('attributed') }
      : null,
    meeting: a.has('meeting') ? readMeeting(a.object('meeting')) : null,
    closedMeeting: a.flag('closed_meeting'),
    reports: a.list('reports', (r) => ({
      slug: r.text('slug'),
      title: r.text('title'),
      kind: r.textOr('kind', 'report'),
      phase: r.textOr('phase', ''),
      settled: r.numberOr('settled', 0),
      sections: r.numberOr('sections', 0),
    })),
  };
}

export function readMeeting(a: Answer): Meeting {
  const present = a.object('present');
  const categories: Record<string, number> = {};
  if (present.has('by_category')) {
    const counts = present.object('by_category');
    for (const name of counts.names()) categories[name] = counts.numberOr(name, 0);
  }
  return {
    number: a.number('number'),
    name: a.textOr('name', ''),
    kind: a.textOr('kind', 'plenary'),
    opened: a.textOr('opened', ''),
    ended: a.textOr('ended', null),
    byHand: a.flag('by_hand'),
    present: present.numberOr('count', 0),
    roll: present.numberOr('roll', 0),
    byCategory: categories,
    here: a.flag('here'),
  };
}

function readStatus(a: Answer): Status {
  return {
    name: a.textOr('name', 'Draft'),
    mark: a.textOr('mark', 'D'),
    settled: a.flag('settled'),
    fresh: a.flag('fresh'),
    reopened: a.flag('reopened'),
    closed: a.flag('closed'),
    moved: a.flag('moved'),
    line: a.textOr('line', ''),
    decision: a.numberOr('decision', null),
    changedWords: a.numberOr('changed_words', null),
  };
}

function readOrigin(a: Answer): NonNullable<Section['origin']> {
  return { report: a.text('report'), section: a.text('section'), line: a.textOr('line', '') };
}

function readPublished(a: Answer): NonNullable<Report['published']> {
  return { at: a.text('at'), until: a.text('until') };
}

export function readSection(a: Answer): Section {
  return {
    id: a.text('id'),
    parent: a.textOr('parent', null),
    depth: a.numberOr('depth', 0),
    number: a.textOr('number', ''),
    kind: a.textOr('kind', 'section'),
    document: a.text('document'),
    title: a.textOr('title', ''),
    status: readStatus(a.object('status')),
    chapterLine: a.textOr('chapter_line', null),
    disclaimer: a.textOr('disclaimer', null),
    shortDisclaimer: a.textOr('short_disclaimer', ''),
    textId: a.textOr('text_id', ''),
    contentHash: a.textOr('content_hash', ''),
    brackets: a.numberOr('brackets', 0),
    reasonsMissing: a.numberOr('reasons_missing', 0),
    room: a.textOr('room', null),
    origin: a.has('origin') ? readOrigin(a.object('origin')) : null,
    unknown: a.flag('unknown'),
    words: a.numberOr('words', 0),
    leftOpen: a.flag('left_open'),
    notDiscussed: a.flag('not_discussed'),
    proposals: a.list('proposals', (p) => ({
      number: p.number('number'),
      mine: p.flag('mine'),
      kind: p.oneOf('kind', ['amendment', 'late'], 'late'),
      state: p.oneOf('state', fates, 'open'),
      version: p.numberOr('version', 0),
    })),
    team: a.has('team') ? { number: a.object('team').number('number'), room: a.object('team').textOr('room', '') } : null,
    positions: readPositionCounts(a),
  };
}

function readPositionCounts(a: Answer): PositionCounts {
  if (!a.has('positions')) return { objections: 0, answered: 0, reservations: 0, adRef: 0 };
  const p = a.object('positions');
  return {
    objections: p.numberOr('objections', 0),
    answered: p.numberOr('answered', 0),
    reservations: p.numberOr('reservations', 0),
    adRef: p.numberOr('ad_ref', 0),
  };
}

export function readPause(a: Answer): Pause {
  return {
    id: a.text('id'),
    report: a.textOr('report', ''),
    section: a.textOr('section', ''),
    seconds: a.numberOr('seconds', 0),
    leftMs: a.numberOr('left_ms', 0),
  };
}

function readReportWindow(a: Answer): NonNullable<Report['window']> {
  return { release: a.textOr('release', ''), ends: a.textOr('ends', ''), openCorrections: a.numberOr('open_corrections', 0) };
}

export function readReport(a: Answer): Report {
  return {
    slug: a.text('slug'),
    title: a.text('title'),
    kind: a.textOr('kind', 'report'),
    phase: a.textOr('phase', ''),
    phaseName: a.textOr('phase_name', ''),
    notDiscussed: a.flag('not_discussed'),
    window: a.has('window') ? readReportWindow(a.object('window')) : null,
    version: a.number('version'),
    chapterLine: a.textOr('chapter_line', ''),
    shortDisclaimer: a.textOr('short_disclaimer', ''),
    language: a.textOr('language', 'en'),
    published: a.has('published') ? readPublished(a.object('published')) : null,
    sections: a.list('sections', readSection),
    pauses: a.has('pauses') ? a.list('pauses', readPause) : [],
  };
}

export function readRevision(a: Answer): Revision {
  return {
    id: a.text('id'),
    at: a.text('at'),
    title: a.textOr('title', ''),
    author: a.textOr('author', ''),
    decision: a.numberOr('decision', null),
    section: a.textOr('section', null),
    sentence: a.textOr('sentence', null),
  };
}

export function readDecision(a: Answer): Decision {
  return {
    number: a.number('number'),
    at: a.text('at'),
    kind: a.text('kind'),
    report: a.textOr('report', ''),
    section: a.textOr('section', ''),
    title: a.textOr('title', ''),
    sentence: a.textOr('sentence', ''),
    reason: a.textOr('reason', null),
    undoneBy: a.numberOr('undone_by', null),
    refersTo: a.numberOr('refers_to', null),
    reopenedBy: a.numberOr('reopened_by', null),
  };
}

function readLeftOut(a: Answer): LeftOut {
  return { was: a.textOr('was', ''), words: a.textOr('words', '') };
}

function readAmendment(a: Answer): Amendment {
  return {
    document: a.text('document'),
    on: a.numberOr('on', null),
    strength: a.oneOf('strength', strengths, 'should'),
    signedBy: a.textOr('signed_by', null),
    rivals: a.numbers('rivals'),
    uncontested: a.flag('uncontested'),
    untouched: a.flag('untouched'),
    behind: a.flag('behind'),
    asks: a.flag('asks'),
    overtaken: a.list('overtaken', readLeftOut),
    left: a.list('left', readLeftOut),
  };
}

export function readProposal(a: Answer): Proposal {
  return {
    number: a.number('number'),
    section: a.textOr('section', ''),
    state: a.oneOf('state', fates, 'open'),
    amendment: a.textOr('kind', 'late') === 'amendment' ? readAmendment(a) : null,
    mine: a.flag('mine'),
    at: a.textOr('at', ''),
    reason: a.textOr('reason', ''),
    canonical: a.textOr('canonical', null),
    redline: a.has('redline') ? readRedline(a.object('redline')) : null,
  };
}

export function readPerson(a: Answer): Person {
  return {
    id: String(a.numberOr('id', a.textOr('id', ''))),
    name: a.text('name'),
    role: a.oneOf('role', roles, 'observer'),
    category: a.textOr('category', ''),
    sessions: a.numberOr('sessions', 0),
    links: a.list('links', (l) => ({
      id: String(l.numberOr('id', l.textOr('id', ''))),
      made: l.textOr('made', ''),
      expires: l.textOr('expires', null),
      used: l.textOr('used', null),
    })),
  };
}
