// Calls over HTTP. Every call answers a Result: a value, or what went wrong in words the server chose for a person.
// Knows nothing of the page.
import { Answer, BadAnswer } from './answer';
import * as model from './model';
import { readRedline } from './redline-model';
import type { Redline } from './redline-model';

export type Problem =
  | 'signed_out'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'bad_input'
  | 'too_large'
  | 'unavailable'
  | 'unreachable'
  | 'other';

export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: Problem; readonly message: string };

const problems: readonly Problem[] = [
  'signed_out',
  'forbidden',
  'not_found',
  'conflict',
  'bad_input',
  'too_large',
  'unavailable',
];

/** A dead connection answers nothing at all: after this many milliseconds the server counts as not reached. */
const readingPatience = 20_000;
const changingPatience = 120_000;

/** A key for one command: sent again with the same key, it is carried out once. */
export function commandKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return [...bytes].map((b) => b.toString(16).padStart(2, '0')).join('');
}

export function at(...parts: readonly string[]): string {
  return `/api/${parts.map(encodeURIComponent).join('/')}`;
}

async function problemOf(response: Response): Promise<{ problem: Problem; message: string }> {
  try {
    const error = new Answer(await response.json()).object('error');
    return { problem: error.oneOf('code', problems, 'other'), message: error.textOr('message', '') };
  } catch {
    const problem = response.status === 401 ? 'signed_out' : response.status === 404 ? 'not_found' : 'other';
    return { problem, message: '' };
  }
}

/** For the other files of calls beside this one. */
export async function call<T>(method: string, path: string, body: unknown, read: (a: Answer) => T): Promise<Result<T>> {
  const headers: Record<string, string> = { Accept: 'application/json' };
  if (method !== 'GET') {
    headers['Content-Type'] = 'application/json';
    headers['Bossey-Request'] = '1';
  }
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      headers,
      credentials: 'same-origin',
      cache: 'no-store',
      signal: AbortSignal.timeout(method === 'GET' ? readingPatience : changingPatience),
      ...(method === 'GET' ? {} : { body: JSON.stringify(body ?? {}) }),
    });
  } catch {
    return { ok: false, problem: 'unreachable', message: '' };
  }
  if (!response.ok) return { ok: false, ...(await problemOf(response)) };
  try {
    const json: unknown = response.status === 204 ? {} : await response.json();
    return { ok: true, value: read(new Answer(json)) };
  } catch (error) {
    return { ok: false, problem: 'other', message: error instanceof BadAnswer ? error.message : '' };
  }
}

const nothing = (): void => undefined;

export type OutlineCommand =
  | { readonly command: 'add'; readonly title: string; readonly parent: string | null; readonly after: string | null; readonly kind?: string; readonly label?: 'bis' | 'alt' }
  | { readonly command: 'rename'; readonly section: string; readonly title: string }
  | { readonly command: 'move'; readonly section: string; readonly parent: string | null; readonly after: string | null }
  | { readonly command: 'split'; readonly section: string; readonly at_block: number; readonly title: string }
  | { readonly command: 'merge'; readonly section: string; readonly into: string }
  | {
      readonly command: 'alternatives';
      readonly section: string;
      readonly options: readonly { readonly title: string; readonly room: string }[];
      readonly frame_keeps_text: boolean;
    };

/** One option of a set of alternatives, as the page shows it. */
export interface ShownText {
  readonly section: string;
  readonly text_id: string;
  readonly content_hash: string;
}

export type WithdrawReason = 'merged' | 'no drafter' | 'no consensus';

export type DecisionCommand =
  | { readonly kind: 'agree'; readonly text_id: string; readonly content_hash: string; readonly present?: number; readonly pause?: string; readonly ad_ref_open?: boolean; readonly sets_aside?: boolean }
  | { readonly kind: 'adref'; readonly text_id: string; readonly content_hash: string; readonly present: number }
  | { readonly kind: 'principle'; readonly features: readonly { readonly words: string }[] }
  | { readonly kind: 'working_paper'; readonly text_id: string; readonly content_hash: string; readonly reviewed: true }
  | { readonly kind: 'bracket'; readonly text_id: string }
  | { readonly kind: 'alternatives'; readonly text_id: string; readonly content_hash: string; readonly options: readonly ShownText[]; readonly pause?: string }
  | { readonly kind: 'withdraw'; readonly reason: WithdrawReason }
  | { readonly kind: 'reopen'; readonly reason: string }
  | { readonly kind: 'undo'; readonly undoes?: number };

export interface SectionText {
  readonly section: model.Section;
  readonly canonical: string;
}

export interface Agreed {
  readonly textId: string;
  readonly revision: string;
  readonly redline: Redline | null;
}

/** One report of one group: where most calls go. */
export interface ReportPlace {
  readonly group: string;
  readonly report: string;
}

export const inReport = (place: ReportPlace, ...rest: readonly string[]): string =>
  at('groups', place.group, 'reports', place.report, ...rest);

function readRedlines(a: Answer): readonly Redline[] {
  return a.has('redlines') ? a.list('redlines', readRedline) : [readRedline(a)];
}

export const api = {
  me: () => call('GET', at('me'), null, model.readMe),
  signOut: () => call('POST', at('sign-out'), {}, nothing),

  group: (group: string) => call('GET', at('groups', group), null, model.readGroup),
  setObjectionPause: (group: string, seconds: number, key: string) => call('PATCH', at('groups', group), { objection_pause_s: seconds, key }, nothing),
  createReport: (group: string, title: string, key: string) =>
    call('POST', at('groups', group, 'reports'), { title, key }, (a) => a.text('slug')),
  importReport: (group: string, name: string, markdown: string, key: string) =>
    call('POST', at('groups', group, 'imports'), { ...(name === '' ? {} : { name }), markdown, key }, (a) => ({
      slug: a.text('slug'),
      title: a.textOr('title', ''),
      sections: a.numberOr('sections', 0),
      footnotes: a.numberOr('footnotes', 0),
      notes: a.list('notes', (n) => ({ line: n.numberOr('line', 0), message: n.textOr('message', '') })),
    })),

  report: (place: ReportPlace) => call('GET', inReport(place), null, model.readReport),
  section: (place: ReportPlace, section: string) =>
    call('GET', inReport(place, 'sections', section), null, (a): SectionText => ({
      section: model.readSection(a.has('section') ? a.object('section') : a),
      canonical: a.textOr('canonical', ''),
    })),
  outline: (place: ReportPlace, version: number, command: OutlineCommand, key: string) =>
    call('POST', inReport(place, 'outline'), { key, version, ...command }, (a) => ({
      version: a.number('version'),
      section: a.textOr('section', null),
    })),

  decide: (place: ReportPlace, section: string, command: DecisionCommand, key: string) =>
    call('POST', inReport(place, 'sections', section, 'decisions'), { key, ...command }, (a) => ({
      number: a.numberOr('number', 0),
      sentence: a.textOr('sentence', ''),
      section: a.has('section') ? model.readSection(a.object('section')) : null,
    })),
  /** Starts “Any objection?”: the texts are held and compared as the decision will be. */
  pause: (place: ReportPlace, section: string, command: DecisionCommand, key: string) =>
    call('POST', inReport(place, 'sections', section, 'pauses'), { key, ...command }, (a) => model.readPause(a.object('pause'))),
  object: (group: string, pause: string) => call('POST', at('groups', group, 'pauses', pause, 'objections'), {}, nothing),
  cancelPause: (group: string, pause: string) => call('POST', at('groups', group, 'pauses', pause, 'cancel'), {}, nothing),
  /** `search`: the register's fields, as q, kind, meeting, from, until. */
  decisions: (group: string, search: Readonly<Record<string, string>> = {}) => {
    const query = new URLSearchParams(search).toString();
    return call('GET', at('groups', group, 'decisions') + (query === '' ? '' : `?${query}`), null, (a) =>
      a.list('decisions', model.readDecision),
    );
  },
  /** The words that a decision is about, as they were. */
  decided: (group: string, decision: number) =>
    call('GET', at('groups', group, 'decisions', String(decision)), null, (a) =>
      a.list('texts', (t) => ({ section: t.text('section'), title: t.textOr('title', ''), canonical: t.textOr('canonical', '') })),
    ),
  agreed: (place: ReportPlace, section: string) =>
    call('GET', inReport(place, 'sections', section, 'agreed'), null, (a): Agreed => ({
      textId: a.textOr('text_id', ''),
      revision: a.textOr('revision', ''),
      redline: a.has('redline') ? readRedline(a.object('redline')) : null,
    })),
  restore: (place: ReportPlace, section: string, revision: string, key: string) =>
    call('POST', inReport(place, 'sections', section, 'restore'), { key, revision }, nothing),

  proposals: (place: ReportPlace, section: string) =>
    call('GET', inReport(place, 'sections', section, 'proposals'), null, (a) => a.list('proposals', model.readProposal)),
  withdrawProposal: (group: string, proposal: number, key: string) =>
    call('POST', at('groups', group, 'proposals', String(proposal), 'withdraw'), { key }, nothing),

  revisions: (place: ReportPlace, section: string | null) =>
    call('GET', inReport(place, 'revisions') + (section === null ? '' : `?section=${encodeURIComponent(section)}`), null, (a) =>
      a.list('revisions', model.readRevision),
    ),
  redline: (place: ReportPlace, section: string | null, from: string, to: string) => {
    const query = `?from=${encodeURIComponent(from)}&to=${encodeURIComponent(to)}`;
    const path = section === null ? inReport(place, 'redline') : inReport(place, 'sections', section, 'redline');
    return callList('GET', path + query, readRedlines);
  },

  people: (group: string) =>
    call('GET', at('groups', group, 'people'), null, (a) => a.list('people', model.readPerson)),
  addPerson: (group: string, name: string, role: model.Role, category: string, key: string) =>
    call('POST', at('groups', group, 'people'), { name, role, ...(category === '' ? {} : { category }), key }, (a) =>
      String(a.numberOr('id', a.textOr('id', ''))),
    ),
  changePerson: (group: string, id: string, change: { readonly name?: string; readonly role?: model.Role; readonly category?: string }) =>
    call('PATCH', at('groups', group, 'people', id), change, nothing),
  removePerson: (group: string, id: string) => call('DELETE', at('groups', group, 'people', id), {}, nothing),
  makeLink: (group: string, id: string) =>
    call('POST', at('groups', group, 'people', id, 'links'), {}, (a) => a.text('url')),
  revokeLink: (group: string, id: string, link: string) =>
    call('DELETE', at('groups', group, 'people', id, 'links', link), {}, nothing),
  endSessions: (group: string, id: string) =>
    call('DELETE', at('groups', group, 'people', id, 'sessions'), {}, nothing),
} as const;

/** Some answers are a bare list; it is read as an object with one field. */
async function callList<T>(method: string, path: string, read: (a: Answer) => T): Promise<Result<T>> {
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      headers: { Accept: 'application/json' },
      credentials: 'same-origin',
      cache: 'no-store',
      signal: AbortSignal.timeout(readingPatience),
    });
  } catch {
    return { ok: false, problem: 'unreachable', message: '' };
  }
  if (!response.ok) return { ok: false, ...(await problemOf(response)) };
  try {
    const json: unknown = await response.json();
    return { ok: true, value: read(new Answer(Array.isArray(json) ? { redlines: json } : json)) };
  } catch (error) {
    return { ok: false, problem: 'other', message: error instanceof BadAnswer ? error.message : '' };
  }
}
