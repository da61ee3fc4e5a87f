// @vitest-environment jsdom
import { describe, expect, it } from 'vitest';
import { chosenWords } from '../src/closing/correcting';
import { isClosedPhase, timeLeft } from '../src/closing/phase';
import { Answer } from '../src/connection/answer';
import { readClosing } from '../src/connection/closing';

describe('what is left of a period', () => {
  const now = Date.parse('2005-06-18T00:00:00Z');
  it('is told in the largest unit, rounded up, and as nothing when it is over', () => {
    expect(timeLeft('2005-06-18T00:00:30Z', now)).toBe('1 minute');
    expect(timeLeft('2005-06-18T00:59:00Z', now)).toBe('59 minutes');
    expect(timeLeft('2005-06-19T00:00:00Z', now)).toBe('24 hours');
    expect(timeLeft('2005-06-25T00:00:00Z', now)).toBe('7 days');
    expect(timeLeft('2005-06-17T23:59:59Z', now)).toBe('');
    expect(timeLeft('no time', now)).toBe('');
  });
});

describe('a closed report', () => {
  it('is one in its editorial window or later', () => {
    expect(['drafting', 'plenary', 'editorial_window', 'final', 'transmitted', ''].map((phaseName) => isClosedPhase({ phaseName }))).toEqual([false, false, true, true, true, false]);
    expect(isClosedPhase(null)).toBe(false);
  });
});

describe('words to be corrected', () => {
  function select(html: string, from: string, to: string): Selection | null {
    document.body.innerHTML = html;
    const [start, end] = [document.querySelector(from)?.firstChild, document.querySelector(to)?.firstChild];
    getSelection()?.setBaseAndExtent(start as Node, 0, end as Node, end?.textContent?.length ?? 0);
    return getSelection();
  }
  const page = '<bossey-section id="a"><p class="text"><i>one</i> <b>two</b></p><u>status</u></bossey-section><bossey-section id="b"><p class="text"><em>three</em></p></bossey-section>';
  it('stand within the text of one section', () => {
    expect(chosenWords(select(page, 'i', 'b'))).toEqual({ section: 'a', words: 'one two' });
    expect(chosenWords(select(page, 'u', 'u'))).toBeNull();
    expect(chosenWords(select(page, 'i', 'em'))).toBeNull();
    expect(chosenWords(null)).toBeNull();
  });
});

describe('a closing', () => {
  it('is read with what is missing left out', () => {
    const read = readClosing(new Answer({ phase_name: 'plenary', in_the_way: [{ section: 'a', name: '1 One', why: 'Draft' }] }));
    expect(read.phase).toBe('plenary');
    expect(read.inTheWay[0]?.name).toBe('1 One');
    expect(read.window).toBeNull();
    expect(read.corrections).toEqual([]);
  });
});
