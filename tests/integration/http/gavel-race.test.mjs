// The gavel and the keystroke: two people type through real sockets while a chair agrees what they read a moment ago.
// Never is a letter agreed that was not seen; whatever was typed is in the text, or in its author's proposal.
// BOSSEY_RACE_ROUNDS: how many; BOSSEY_RACE_SEED: the same order of events again, as far as the network allows.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Server, until } from './server.mjs';

const rounds = Number(process.env.BOSSEY_RACE_ROUNDS ?? 200);
const seed = Number(process.env.BOSSEY_RACE_SEED ?? Math.floor(Math.random() * 2 ** 31));
const lanes = 4;
/** Commands of one person are limited; the gavel goes round. */
const chairsMax = 12;

let server, chairs, typists;
before(async () => {
  server = await Server.make();
  await server.command('group', 'create', 'wgig', '--name', 'WGIG');
  chairs = [];
  for (let i = 0; i < chairsMax; ++i) chairs.push(await server.join('wgig', `Chair ${i}`, 'chair'));
  typists = [await server.join('wgig', 'Ann', 'member'), await server.join('wgig', 'Bo', 'member')];
  const markdown = Array.from({ length: lanes }, (_, i) => `## Lane ${i}\n\nStart.\n`).join('\n');
  const made = await chairs[0].post('/api/groups/wgig/imports', { slug: 'race', markdown: `# Race\n\n${markdown}` });
  assert.equal(made.status, 201, made.text);
});
after(() => server.remove());

/** mulberry32 */
function random(state) {
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
const rest = (ms) => (ms < 1 ? new Promise(setImmediate) : new Promise((wake) => setTimeout(wake, ms)));

async function typing(page, words, next, pace) {
  await rest(next() * pace);
  for (const word of words) {
    // A late page is to be dropped: nobody types into it any more. One that only heard of the decision may have words
    // under way, so it goes on.
    if (page.messages.some((message) => message.type === 'late')) return;
    page.type(` ${word}`);
    page.typed.push(word);
    await rest(next() * pace);
  }
}

const settled = (page) => !page.provider.hasUnsyncedChanges || page.messages.some((message) => message.type === 'late' || message.type === 'refused');

async function lane(section, index, count, tally) {
  const next = random(seed + index);
  const place = `/api/groups/wgig/reports/race/sections/${section}`;
  for (let round = 0; round < count; ++round) {
    const chair = chairs[(round * lanes + index) % chairs.length];
    const pages = await Promise.all(typists.map((typist) => typist.open(section).ready()));
    for (const page of pages) page.typed = [];
    const words = pages.map((_, i) => Array.from({ length: 1 + Math.floor(next() * 5) }, (_w, k) => `l${index}r${round}p${i}k${k}x`));
    // From fast typing, which the gavel hardly ever slips into, to slow typing, which it meets halfway.
    const pace = [3, 15, 50][Math.floor(next() * 3)];
    const gavel = async () => {
      await rest(next() * pace * 2);
      const shown = await chair.section('race', section);
      if (next() < 0.5) await rest(next() * 3);
      const { text_id, content_hash } = shown;
      return [shown, await chair.decide('race', section, { kind: 'agree', asked_aloud: true, text_id, content_hash })];
    };
    const [[shown, answer]] = await Promise.all([gavel(), ...pages.map((page, i) => typing(page, words[i], next, pace))]);
    assert.ok([201, 409].includes(answer.status), answer.text);
    await until(() => pages.every(settled), `round ${round} of lane ${index} is settled (seed ${seed})`);
    const now = await chair.section('race', section);
    if (answer.status === 201) {
      assert.equal(now.text_id, shown.text_id, `an unseen letter was agreed: seed ${seed}, lane ${index}, round ${round}`);
      assert.equal(now.canonical, shown.canonical);
    }
    for (const [i, page] of pages.entries()) {
      const missing = page.typed.filter((word) => !now.canonical.includes(word));
      if (missing.length === 0) continue;
      const lost = async () => {
        const { proposals } = (await typists[i].get(`${place}/proposals`)).json;
        return missing.filter((word) => !proposals.some((p) => p.mine && (p.canonical ?? '').includes(word)));
      };
      await until(async () => (await lost()).length === 0, `${missing} of ${typists[i].id} in text or proposal: seed ${seed}, lane ${index}, round ${round}`);
      tally.late += missing.length;
    }
    for (const page of pages) page.close();
    tally.agreed += answer.status === 201 ? 1 : 0;
    tally.typed += pages.reduce((sum, page) => sum + page.typed.length, 0);
    if (answer.status === 201) {
      const reopened = await chair.decide('race', section, { kind: 'reopen', reason: 'Again' });
      assert.equal(reopened.status, 201, reopened.text);
    }
  }
}

test(`gavel against keystroke, ${rounds} rounds, seed ${seed}`, { timeout: 30 * 60_000 }, async (t) => {
  const sections = (await chairs[0].report('race')).sections.map((one) => one.id);
  const tally = { agreed: 0, typed: 0, late: 0 };
  await Promise.all(sections.map((section, index) => lane(section, index, Math.ceil(rounds / lanes), tally)));
  t.diagnostic(`seed ${seed}: ${tally.agreed} of ${rounds} agreed, ${tally.typed} keystrokes, ${tally.late} kept as proposals`);
  assert.ok(tally.agreed > 0 && tally.agreed < rounds, 'both ways the race can end came about');
  assert.ok(tally.late > 0, 'some words came late');
});
