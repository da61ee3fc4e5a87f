// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { words as english } from '../src/ui/languages/en';
import { languages, pickLanguage } from '../src/ui/words';

type Table = { readonly [key: string]: unknown };

/** Every saying by its path. */
function flat(table: Table, path = ''): Map<string, unknown> {
  const out = new Map<string, unknown>();
  for (const [key, value] of Object.entries(table)) {
    if (typeof value === 'object' && value !== null) for (const [inner, saying] of flat(value as Table, `${path}${key}.`)) out.set(inner, saying);
    else out.set(path + key, value);
  }
  return out;
}

const texts = ['ONE', 'TWO'];
const numbers = [2345, 6789];

/** Calls a saying with texts and numbers, in all ways that it takes; answers what it says and what it was told. */
function tries(saying: (...args: unknown[]) => string): { said: string; told: string[] }[] {
  const first = [...texts.map((t) => [t]), ...numbers.map((n) => [n])];
  const all = saying.length < 2 ? first : first.flatMap(([a]) => [[a, 'TWO'], [a, 6789]]);
  return all.flatMap((args) => {
    try {
      // Digits are set in groups by some languages.
      return [{ said: saying(...args).replace(/[\s.,٬\u00a0\u202f]/g, ''), told: args.map(String) }];
    } catch {
      return [];
    }
  });
}

const codes = Object.keys(languages) as (keyof typeof languages)[];

describe.each(codes)('the words in %s', (code) => {
  it('are the same sayings as in English', async () => {
    const { words } = await languages[code].load();
    expect([...flat(words as unknown as Table).keys()].sort()).toEqual([...flat(english).keys()].sort());
    expect(words.language).toBe(code);
  });

  it('say all that they are told', async () => {
    const other = flat((await languages[code].load()).words as unknown as Table);
    for (const [path, saying] of flat(english)) {
      const its = other.get(path);
      expect(typeof its, path).toBe(typeof saying);
      if (typeof saying !== 'function' || typeof its !== 'function') {
        expect(String(its).trim(), path).not.toBe('');
        continue;
      }
      const said = tries(its as (...args: unknown[]) => string);
      tries(saying as (...args: unknown[]) => string).forEach(({ said: inEnglish, told }, index) => {
        for (const token of told) if (inEnglish.includes(token)) expect(said[index]?.said, `${path}(${told.join()})`).toContain(token);
      });
    }
  });

  it('count one, two, five and eleven of a thing', async () => {
    const { words } = await languages[code].load();
    const said = [1, 2, 5, 11].map((n) => words.signs.offline(n));
    expect(new Set(said).size).toBe(4);
    expect(said.every((one) => !one.includes('#'))).toBe(true);
  });

  it('are written in its own script and name no programmers’ things', async () => {
    if (code === 'en') return;
    const { words } = await languages[code].load();
    const same = [...flat(words as unknown as Table)].filter(([path, saying]) => {
      const inEnglish = flat(english).get(path);
      return typeof saying === 'string' && saying === inEnglish && saying.length > 3;
    });
    // Names and words that both languages share.
    expect(same.map(([path]) => path).filter((path) => !/^(product|locale|language|.*\.objection|.*section|outline\.kinds\.section)$/.test(path))).toEqual([]);
  });
});

describe('the language of the page', () => {
  it('is the first one wanted that it speaks', () => {
    expect(pickLanguage(['de-CH', 'fr-CH', 'en'])).toBe('fr');
    expect(pickLanguage(['zh-Hant-TW'])).toBe('zh');
    expect(pickLanguage(['pt', 'ja'])).toBe('en');
    expect(pickLanguage([])).toBe('en');
  });
});
