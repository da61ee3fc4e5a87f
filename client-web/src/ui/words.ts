// Every word the page itself says, in the reader's language: the browser's, or the one chosen in the menu. English comes
// with the page, the others are loaded when they are wanted. Server messages are shown as they come.
// To add a language: write a `Words` in languages/ and list it in `languages`.
import { words as english } from './languages/en';
import type { Words } from './languages/en';

export type { Words } from './languages/en';

interface Language {
  readonly name: string;
  readonly dir: 'ltr' | 'rtl';
  readonly load: () => Promise<{ readonly words: Words }>;
}

/** Each under its own name, as somebody looks for it who reads no other. */
export const languages = {
  ar: { name: 'العربية', dir: 'rtl', load: () => import('./languages/ar') },
  zh: { name: '中文', dir: 'ltr', load: () => import('./languages/zh') },
  en: { name: 'English', dir: 'ltr', load: () => Promise.resolve({ words: english }) },
  fr: { name: 'Français', dir: 'ltr', load: () => import('./languages/fr') },
  ru: { name: 'Русский', dir: 'ltr', load: () => import('./languages/ru') },
  es: { name: 'Español', dir: 'ltr', load: () => import('./languages/es') },
} as const satisfies Readonly<Record<string, Language>>;

export type LanguageCode = keyof typeof languages;

const isLanguage = (code: string): code is LanguageCode => Object.hasOwn(languages, code);

export let w: Words = english;
export let language: LanguageCode = 'en';

/** The first wanted language that the page speaks. */
export function pickLanguage(wanted: readonly string[]): LanguageCode {
  for (const tag of wanted) {
    const code = tag.split('-', 1)[0]?.toLowerCase() ?? '';
    if (isLanguage(code)) return code;
  }
  return 'en';
}

const keyName = 'bossey-language';

function chosen(): readonly string[] {
  try {
    const kept = localStorage.getItem(keyName);
    return kept === null ? navigator.languages : [kept];
  } catch {
    return navigator.languages;
  }
}

async function speakIn(code: LanguageCode): Promise<void> {
  try {
    w = (await languages[code].load()).words;
    language = code;
  } catch {
    // Its file cannot be had just now: the page goes on in the language it has.
  }
  document.documentElement.lang = language;
  document.documentElement.dir = languages[language].dir;
}

/** Before anything is shown. */
export function startLanguage(): Promise<void> {
  return speakIn(pickLanguage(chosen()));
}

/** The person chose; whoever calls draws the page anew. */
export async function chooseLanguage(code: LanguageCode): Promise<void> {
  try {
    localStorage.setItem(keyName, code);
  } catch {
    // Chosen until the page goes.
  }
  await speakIn(code);
}

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
