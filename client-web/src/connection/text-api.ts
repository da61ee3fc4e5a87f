// Calls about what stands beside a text: reasons of brackets, wordings of disclaimers, facts, options and copies.
import type { Answer } from './answer';
import { at, call, inReport } from './api';
import type { ReportPlace } from './api';
import { readRedline } from './redline-model';

export interface Bracket {
  /** Of its record; null while nobody has said anything of it. */
  readonly number: number | null;
  /** Null while it is asked for. */
  readonly mark: string | null;
  readonly words: string;
  readonly depth: number;
  readonly reason: string | null;
  readonly state: 'asked' | 'set' | 'lifted' | 'withdrawn';
  readonly there: boolean;
  readonly mine: boolean;
  readonly owner: string | null;
  readonly ownerConsents: boolean;
  readonly chairConsents: boolean;
  readonly mayLift: boolean;
  readonly maySet: boolean;
  readonly mayGiveReason: boolean;
  readonly mayConsent: boolean;
}

export interface BracketList {
  readonly textId: string;
  readonly brackets: readonly Bracket[];
}

export interface WordingText {
  readonly name: string;
  readonly standard: string;
  /** What holds here without a wording of this level's own. */
  readonly inherited: string;
}

export interface Wording {
  readonly languages: readonly string[];
  readonly clauses: readonly WordingText[];
  readonly shorts: readonly WordingText[];
  readonly reworded: ReadonlyMap<string, string>;
  readonly shortReworded: ReadonlyMap<string, string>;
  readonly added: readonly string[];
  readonly addedAbove: readonly string[];
  readonly samples: readonly { readonly status: string; readonly full: string; readonly short: string }[];
}

/** Which wording: the group's, a report's or a section's; in one language, or '' for all. */
export interface WordingLevel {
  readonly group: string;
  readonly report: string | null;
  readonly section: string | null;
  readonly language: string;
}

interface Texts {
  readonly reworded: ReadonlyMap<string, string>;
  readonly shortReworded: ReadonlyMap<string, string>;
  readonly added: readonly string[];
}

function readBracket(a: Answer): Bracket {
  return {
    number: a.numberOr('number', null),
    mark: a.textOr('mark', null),
    words: a.textOr('words', ''),
    depth: a.numberOr('depth', 0),
    reason: a.textOr('reason', null),
    state: a.oneOf('state', ['asked', 'set', 'lifted', 'withdrawn'], 'set'),
    there: a.flag('there'),
    mine: a.flag('mine'),
    owner: a.textOr('owner', null),
    ownerConsents: a.flag('owner_consents'),
    chairConsents: a.flag('chair_consents'),
    mayLift: a.flag('may_lift'),
    maySet: a.flag('may_set'),
    mayGiveReason: a.flag('may_give_reason'),
    mayConsent: a.flag('may_consent'),
  };
}

const readBrackets = (a: Answer): BracketList => ({ textId: a.text('text_id'), brackets: a.list('brackets', readBracket) });

function readText(a: Answer): WordingText {
  return { name: a.text('name'), standard: a.textOr('default', ''), inherited: a.textOr('inherited', '') };
}

function readWording(a: Answer): Wording {
  const clauses = a.list('clauses', readText);
  const shorts = a.list('shorts', readText);
  const own = (key: string, texts: readonly WordingText[]): ReadonlyMap<string, string> => {
    const object = a.object(key);
    return new Map(texts.flatMap(({ name }) => (object.has(name) ? [[name, object.text(name)] as const] : [])));
  };
  return {
    languages: a.texts('languages'),
    clauses,
    shorts,
    reworded: own('reworded', clauses),
    shortReworded: own('short_reworded', shorts),
    added: a.texts('added'),
    addedAbove: a.texts('added_above'),
    samples: a.list('samples', (s) => ({ status: s.text('status'), full: s.textOr('full', ''), short: s.textOr('short', '') })),
  };
}

const named = (texts: ReadonlyMap<string, string>): readonly { name: string; text: string }[] =>
  [...texts].map(([name, text]) => ({ name, text }));

function wordingBody({ report, section, language }: WordingLevel, texts: Texts): object {
  return {
    ...(report === null ? {} : { report }),
    ...(section === null ? {} : { section }),
    language,
    reworded: named(texts.reworded),
    short_reworded: named(texts.shortReworded),
    added: texts.added.map((text) => ({ text })),
  };
}

const nothing = (): void => undefined;
const inBrackets = (place: ReportPlace, section: string, ...rest: readonly string[]): string =>
  inReport(place, 'sections', section, 'brackets', ...rest);

export const textApi = {
  brackets: (place: ReportPlace, section: string) => call('GET', inBrackets(place, section), null, readBrackets),
  giveReason: (place: ReportPlace, section: string, mark: string, reason: string, key: string) =>
    call('POST', inBrackets(place, section), { key, mark, reason }, readBrackets),
  askBrackets: (
    place: ReportPlace,
    section: string,
    ask: { readonly words: string; readonly nth: number; readonly reason: string; readonly for?: number },
    key: string,
  ) => call('POST', inBrackets(place, section), { key, ...ask }, readBrackets),
  moveBracket: (place: ReportPlace, section: string, number: number, move: 'set' | 'withdraw' | 'consent', key: string) =>
    call('POST', inBrackets(place, section, String(number)), { key, move }, readBrackets),
  /** No marks: all of the section. */
  liftBrackets: (place: ReportPlace, section: string, textId: string, marks: readonly string[], key: string) =>
    call('POST', inBrackets(place, section, 'lift'), { key, text_id: textId, marks: marks.map((mark) => ({ mark })) }, readBrackets),

  wording: ({ group, report, section, language }: WordingLevel) => {
    const query = new URLSearchParams({
      ...(report === null ? {} : { report }),
      ...(section === null ? {} : { section }),
      ...(language === '' ? {} : { language }),
    }).toString();
    return call('GET', `${at('groups', group, 'wordings')}${query === '' ? '' : `?${query}`}`, null, readWording);
  },
  previewWording: (level: WordingLevel, texts: Texts, key: string) =>
    call('POST', at('groups', level.group, 'wordings'), { key, preview: true, ...wordingBody(level, texts) }, readWording),
  setWording: (level: WordingLevel, texts: Texts, key: string) =>
    call('POST', at('groups', level.group, 'wordings'), { key, ...wordingBody(level, texts) }, readWording),

  setFacts: (place: ReportPlace, facts: Readonly<Record<string, string | boolean>>, key: string) =>
    call('POST', inReport(place, 'facts'), { key, ...facts }, nothing),
  derive: (place: ReportPlace, title: string, key: string) =>
    call('POST', inReport(place, 'derived'), { key, title }, (a) => a.text('slug')),
  origin: (place: ReportPlace, section: string) =>
    call('GET', inReport(place, 'sections', section, 'origin'), null, (a) => readRedline(a.object('redline'))),
  comparison: (place: ReportPlace, from: string, to: string) =>
    call('GET', `${inReport(place, 'comparison')}?from=${encodeURIComponent(from)}&to=${encodeURIComponent(to)}`, null, readRedline),
} as const;
