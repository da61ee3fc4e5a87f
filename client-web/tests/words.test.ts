// @vitest-environment node
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { moment, sayProblem, w } from '../src/ui/words';

function sayings(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'function') {
    const say = value as (...args: unknown[]) => string;
    const tries: unknown[][] = [[0, 0, 0], [1, 1, 1], [2, 2, 2], ['A', 'B', 'C'], ['A', 2, 'C']];
    return tries.flatMap((args) => {
      try {
        return [say(...args)];
      } catch {
        return []; // Not the kind of argument this one takes.
      }
    });
  }
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(sayings) : [];
}

const source = resolve('src');

function files(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? files(path) : path.endsWith('.ts') ? [path] : [];
  });
}

/** A file's text without its comments. */
function code(path: string): string {
  return readFileSync(path, 'utf8').replace(/^\s*(\/\/|\/\*\*|\*).*$/gm, '');
}

describe('the words of the page', () => {
  it('keep the words of programmers off the screen', () => {
    const banned = /\b(branch|merge[sd]?|commit|pull request|conflict|hash|approv\w*|votes?|poll|users?|admin panel)\b/i;
    expect(sayings(w).filter((saying) => banned.test(saying))).toEqual([]);
  });

  it('say one of a thing without an s', () => {
    expect(w.signs.offline(1)).toBe('Offline, 1 edit waiting');
    expect(w.signs.offline(3)).toBe('Offline, 3 edits waiting');
    expect(w.status.changedWords(4)).toBe('4 words changed since.');
  });

  it('refuse in twelve words or fewer', () => {
    const { textMoved, unsaved, offline, notSame, reopenEmpty, nothingToDecide } = w.decide;
    for (const refusal of [textMoved, unsaved, offline, notSame, w.failed, reopenEmpty, nothingToDecide, w.outline.stale, w.forbidden]) {
      expect(refusal.split(/\s+/).length, refusal).toBeLessThanOrEqual(12);
    }
  });

  it('prefer the server’s own words for a problem', () => {
    expect(sayProblem({ problem: 'conflict', message: 'Text changed 2 seconds ago. Look again.' })).toBe('Text changed 2 seconds ago. Look again.');
    expect(sayProblem({ problem: 'unreachable', message: '' })).toBe(w.unreachableShort);
  });

  it('show a broken date as it came', () => {
    expect(moment('yesterday')).toBe('yesterday');
  });
});

describe('the layers of the page', () => {
  const imports = (path: string): string[] => [...readFileSync(path, 'utf8').matchAll(/from '([^']+)'/g)].map((m) => m[1] ?? '');

  it('let only the editor touch ProseMirror', () => {
    const outside = files(source).filter((path) => !path.includes('/editor/'));
    expect(outside.filter((path) => imports(path).some((name) => /prosemirror/.test(name)))).toEqual([]);
  });

  it('let only the connection touch the network', () => {
    const outside = files(source).filter((path) => !path.includes('/connection/'));
    expect(outside.filter((path) => /\b(new WebSocket|fetch\(|indexedDB)/.test(code(path)))).toEqual([]);
    expect(outside.filter((path) => imports(path).some((name) => name.startsWith('@hocuspocus')))).toEqual([]);
  });

  it('have no default exports and no any', () => {
    const bad = files(source).filter((path) => /export default|: any\b|<any>|as any\b/.test(code(path)));
    expect(bad).toEqual([]);
  });
});
