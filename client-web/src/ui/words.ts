// Every word the page itself says, in one place, one set for each language. Server messages are shown as they come.
// To add a language: write a `Words` for it and list it in `languages`.
import type { Role, WithdrawReason } from '../connection';

const few = (n: number, one: string, many: string): string => (n === 1 ? `1 ${one}` : `${n} ${many}`);

const english = {
  language: 'en',
  /** For dates and numbers. */
  locale: 'en-GB',
  product: 'Bossey',
  loading: 'Loading…',

  signedOut: {
    title: 'Please open your personal link',
    body: 'You are not signed in on this device. Open the personal link that the secretariat sent you; it signs you in and brings you back here.',
    lost: 'No link, or it no longer works? Ask your secretariat for a new one. Nothing you wrote is lost.',
  },
  unreachable: {
    title: 'The server cannot be reached',
    body: 'The page tries again by itself. Edits that were waiting are kept in this browser.',
    again: 'Try again now',
  },
  signOut: {
    waiting: (edits: number) => (edits === 1 ? '1 edit is not saved yet' : `${edits} edits are not saved yet`),
    waitingHint: 'Signing out clears this browser: what is not saved is lost. Stay until it says “Everything saved”.',
    stay: 'Stay',
    anyway: 'Sign out and lose it',
  },
  missing: {
    title: 'There is nothing here for you',
    body: 'The address may be wrong, or this part is not open to you.',
    home: 'To my groups',
  },

  roles: {
    chair: 'Chair',
    secretariat: 'Secretariat',
    member: 'Member',
    observer: 'Observer',
    administrator: 'Administrator',
  } satisfies Record<Role, string>,

  nav: {
    home: 'My groups',
    reports: 'Reports',
    decisions: 'Decisions',
    people: 'People',
    signOut: 'Sign out',
    skip: 'Skip to the text',
    print: 'Print',
    download: 'Download',
    downloadTitle: 'Download as Markdown, with disclaimers',
    redline: 'What changed',
    projector: 'Projector',
    outline: 'Outline',
    main: 'Sections of the page',
  },

  home: {
    title: 'My groups',
    none: 'You are in no group yet. The administrator of a group can add you.',
  },

  group: {
    none: 'No report yet.',
    settled: (settled: number, sections: number) => `${settled} of ${few(sections, 'section', 'sections')} settled`,
    create: 'New report',
    createTitle: 'Title of the report',
    createDo: 'Create',
    import: 'Import a report',
    importHint: 'A Markdown file, up to 4 MB. Its headings become sections, its footnotes stay with their section.',
    importFile: 'Markdown file',
    importName: 'Title, if it should differ from the file’s',
    importDo: 'Import',
    importing: 'Importing…',
    importTooLarge: 'This file is larger than 4 MB. Split it and import the parts.',
    importNotText: 'This file is not UTF-8 text. Save it as Markdown in UTF-8.',
    imported: (sections: number, footnotes: number) =>
      `Imported: ${few(sections, 'section', 'sections')}, ${few(footnotes, 'footnote', 'footnotes')}.`,
    notes: 'Please look at these places',
    noNotes: 'Everything in the file was taken over.',
    line: (line: number) => `Line ${line}`,
    open: 'Open the report',
  },

  signs: {
    saved: 'Everything saved',
    saving: 'Saving…',
    connecting: 'Connecting…',
    offline: (edits: number) => (edits === 0 ? 'Offline' : `Offline, ${few(edits, 'edit', 'edits')} waiting`),
    stuck: (edits: number) => (edits === 0 ? 'No answer from the server' : `Not arriving: ${few(edits, 'edit', 'edits')} waiting`),
    offlineAsOf: (time: string, edits: number) =>
      edits === 0 ? `Offline: text as of ${time}.` : `Offline: text as of ${time}; ${few(edits, 'edit', 'edits')} waiting.`,
    offlineHint: 'You can go on writing. It is sent as soon as the connection is back.',
    noStore: 'This browser keeps nothing. Do not close the page while edits are waiting.',
  },

  people: {
    here: (n: number) => `${few(n, 'person is', 'people are')} here`,
    you: 'you',
    away: 'away',
    more: (n: number) => `+${n}`,
    writing: (names: string, n: number) => (n === 1 ? `${names} is in this section` : `${names} are in this section`),
  },

  status: {
    changedSince: 'changed since',
    changedShort: 'changed',
    closed: 'Closed',
    notAgreed: 'not agreed',
    changedWords: (n: number | null) => (n === null ? 'Changed since.' : `${few(n, 'word', 'words')} changed since.`),
    brackets: (n: number) => few(n, 'bracket', 'brackets'),
    proposals: (n: number) => few(n, 'proposal', 'proposals'),
    howItCame: 'How it came about',
    heard: (number: string, name: string) => `Section ${number}, ${name.toLowerCase()}`,
    unknown: 'This section holds parts that this page cannot show for writing. You can read it; tell the secretariat.',
    denied: 'This section is not open to you.',
    loading: 'The text is on its way…',
    empty: 'No text yet.',
    emptyWrite: 'No text yet. Write here.',
    titleEmpty: 'Title',
  },

  decide: {
    agree: 'Agree',
    brackets: 'Brackets',
    more: 'More',
    alternatives: 'Present as alternatives',
    withdraw: 'Withdraw',
    reopen: 'Reopen',
    undo: 'Undo',
    undoHint: 'Takes back your last decision, within 10 minutes',
    next: 'Next',
    nextHint: 'To the next section that is not settled',
    later: 'Later',
    laterHint: 'Leave this section for later and go on to the next',
    showChange: 'Show change',
    restore: 'Restore agreed text',
    agreeChange: 'Agree the change',
    keys: 'Keys: A agree, B brackets, L later, N next, U undo. They work while the cursor is not in a text.',
    consoleLabel: 'Chair',
    present: 'Present',
    left: (n: number) => (n === 0 ? 'Nothing left' : `${n} left`),
    inBrackets: (n: number) => `${n} in brackets`,
    presentCount: (n: number) => `${n} present`,
    anyObjection: 'Any objection?',
    anyObjectionHint: 'This exact text is agreed when the time is over.',
    needOptions: 'Add two or more options straight below this section first.',
    alternativesAsk: 'Present these options as alternatives?',
    seconds: (n: number) => (n === 1 ? '1 second' : `${n} seconds`),
    cancel: 'Cancel',
    soDecided: 'So decided.',
    textMoved: 'Text changed just now. Look again.',
    unsaved: 'Not everything is saved yet. Wait a moment.',
    offline: 'No connection. Decide when it is back.',
    notSame: 'Your page is behind. Look again in a moment.',
    bracketsOpen: (n: number) => `${few(n, 'bracket is', 'brackets are')} still open`,
    bracketsOpenHint: 'A text with brackets cannot be agreed.',
    liftAll: (n: number) => (n === 1 ? 'Lift the bracket' : `Lift all ${n}`),
    withdrawTitle: 'Withdraw this section?',
    withdrawWhy: 'Why is it withdrawn?',
    withdrawReasons: {
      merged: 'Taken into another section',
      'no drafter': 'Nobody to draft it',
      'no consensus': 'Not enough consensus to publish',
    } satisfies Record<WithdrawReason, string>,
    reopenTitle: 'Reopen this section?',
    reopenWhy: 'Reason, in a few words',
    reopenEmpty: 'A reason is needed: at least one word.',
    undone: 'Decision taken back.',
    restoreTitle: 'Restore the agreed text?',
    restoreHint: 'The words agreed last take the place of the present ones. Both stay in the history.',
    restored: 'The agreed text is back.',
    nothingLeft: 'Every section is settled.',
    nothingToDecide: 'Choose a section first.',
  },

  proposals: {
    card: (number: number) => `Proposal ${number}`,
    yours: 'yours',
    unsigned: 'unsigned',
    withdrawn: 'withdrawn',
    hidden: 'Its words are shown to its author only.',
    copy: 'Copy',
    copied: 'Copied',
    withdraw: 'Withdraw',
    withdrawTitle: (number: number) => `Withdraw proposal ${number}?`,
    withdrawHint: 'Its words stay on record as withdrawn.',
    keep: 'Keep it',
    show: 'Show the proposal',
    lost: 'Your last words could not be taken; you may no longer write here. Copy your version before you go on:',
  },

  outline: {
    edit: 'Change outline',
    done: 'Done',
    add: 'Add section',
    addInside: 'Add a section inside',
    newTitle: 'Title of the new section',
    kind: 'What it is',
    kinds: { section: 'Section', box: 'Box', annex: 'Annex', alternative: 'One of several options' },
    addDo: 'Add',
    up: 'Move up',
    down: 'Move down',
    inside: 'Move inside the section above',
    outside: 'Move out one level',
    join: 'Join with the section above',
    joinTitle: (from: string, into: string) => `Join “${from}” with “${into}”?`,
    joinHint: 'Its text goes to the end of the section above; the section itself is withdrawn.',
    joinDo: 'Join',
    splitHere: 'New section from here',
    splitTitle: 'Begin a new section here?',
    splitHint: 'From this paragraph on the text goes into the new section. Both keep the past.',
    splitDo: 'Make section',
    moved: (title: string) => `Moved: ${title}`,
    keysHint: 'With a section in focus: Alt and arrow keys move it.',
    untitled: 'Untitled',
    stale: 'The outline has just changed. Look again.',
  },

  select: {
    readOnly: 'Several sections are selected. You can copy them; click into one to write.',
  },

  tools: {
    label: 'Writing tools',
    bold: 'Bold',
    italic: 'Italic',
    heading: 'Heading',
    bullets: 'List',
    numbers: 'Numbered list',
    quote: 'Quotation',
    footnote: 'Footnote',
    brackets: 'Square brackets around words not agreed',
    table: 'Table',
    addRow: 'Add row',
    addColumn: 'Add column',
    removeRow: 'Remove row',
    removeColumn: 'Remove column',
    rightToLeft: 'Right to left',
    leftToRight: 'Left to right',
    undo: 'Undo my last edit',
    redo: 'Redo',
    link: 'Link',
    linkAddress: 'Address',
    linkSet: 'Set link',
    linkRemove: 'Remove link',
    linkBad: 'Only web and mail addresses.',
    pictures: (n: number) => `${few(n, 'picture was', 'pictures were')} left out: the text holds words only.`,
  },

  history: {
    title: 'What changed',
    from: 'Before',
    to: 'After',
    live: 'The text as it stands now',
    whole: 'Whole report',
    section: 'Section',
    inline: 'Inline',
    sideBySide: 'Side by side',
    next: 'Next change',
    previous: 'Previous change',
    keys: 'Keys: N next change, P previous, S side by side.',
    summary: (inserted: number, deleted: number) =>
      `${few(inserted, 'word', 'words')} added, ${few(deleted, 'word', 'words')} taken out`,
    nothing: 'The two texts are the same.',
    noRevisions: 'No revision yet. One is kept a few seconds after a change.',
    added: 'added',
    removed: 'taken out',
    moved: 'moved:',
    decision: (number: number) => `decision No. ${number}`,
    only: 'Only the changes',
    position: (now: number, all: number) => `Change ${now} of ${all}`,
  },

  decisions: {
    title: 'Decisions',
    none: 'No decision yet.',
    undone: (number: number) => `Taken back by No. ${number}`,
    reason: 'Reason',
    hint: 'Each decision is about one exact text. None is ever changed; what was taken back stays in the list.',
  },

  roll: {
    title: 'People',
    hint: 'A personal link signs one person in. It is shown once; send it in a way that only its owner reads.',
    add: 'Add a person',
    name: 'Name',
    role: 'Role',
    category: 'Category',
    categoryHint: 'For example government, private sector, civil society',
    addDo: 'Add',
    link: 'New personal link',
    linkReady: (name: string) => `Personal link of ${name}: copy it now, it is not shown again.`,
    copy: 'Copy',
    copied: 'Copied',
    links: (n: number) => (n === 0 ? 'No open link' : few(n, 'open link', 'open links')),
    revoke: 'Revoke',
    revokeLink: (made: string) => `Revoke the link made ${made}`,
    sessions: (n: number) => (n === 0 ? 'Not signed in' : `Signed in on ${few(n, 'device', 'devices')}`),
    endSessions: 'Sign out everywhere',
    remove: 'Remove',
    removeTitle: (name: string) => `Remove ${name}?`,
    removeHint: 'The person is signed out at once. What was written stays.',
    removeDo: 'Remove',
  },

  projector: {
    leave: 'Leave',
    changed: 'Show change',
    clean: 'Clean text',
    next: 'Next section',
    previous: 'Previous section',
  },
  trouble: 'The server has a problem',
  newerPage: 'A newer version of this page is ready.',
  newerPageLoad: 'Load it',
  dismiss: 'Close',
  failed: 'That did not work. Try again.',
  unreachableShort: 'No connection. Try again when it is back.',
  forbidden: 'Your role does not allow this.',
  help: 'Tab and the arrow keys go from one section into the next. Escape leaves the text.',
  toSection: (number: string, title: string) => `${number} ${title}`.trim(),
} as const;

type Loose<T> = T extends string
  ? string
  : T extends (...args: infer A) => string
    ? (...args: A) => string
    : { readonly [K in keyof T]: Loose<T[K]> };

export type Words = Loose<typeof english>;

const languages: Readonly<Record<string, Words>> = { en: english };

function pick(wanted: readonly string[]): Words {
  for (const tag of wanted) {
    const words = languages[tag.split('-', 1)[0]?.toLowerCase() ?? ''];
    if (words !== undefined) return words;
  }
  return english;
}

export const w: Words = pick(typeof navigator === 'undefined' ? ['en'] : navigator.languages);

/** A moment as the reader's own clock shows it, with seconds left out. */
export function moment(iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  return new Intl.DateTimeFormat(w.locale, { dateStyle: 'medium', timeStyle: 'short' }).format(date);
}

/** A moment of the browser's own clock: the time alone for today, with its date otherwise. */
export function clock(at: number): string {
  const date = new Date(at);
  const isToday = date.toDateString() === new Date().toDateString();
  return new Intl.DateTimeFormat(w.locale, isToday ? { timeStyle: 'short' } : { dateStyle: 'medium', timeStyle: 'short' }).format(date);
}

/** The words for a failed call: the server's own, or the page's. */
export function sayProblem(result: { readonly problem: string; readonly message: string }): string {
  if (result.message !== '') return result.message;
  if (result.problem === 'unreachable') return w.unreachableShort;
  if (result.problem === 'forbidden') return w.forbidden;
  return w.failed;
}
