// Ended without warning, at each step of the way of an edit and in the middle of a storm of them: nothing that was
// acknowledged is missing, nothing is there twice, and git says what the journal says.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmod, readFile, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { until } from '../http/server.mjs';
import { Page, PlainPage, ScratchServer } from '../sync/scratch.mjs';
import { bossey, filesOf, git, makeHouse } from './folder.mjs';

const times = (text, word) => text.split(`${word} `).length - 1;

let house;
before(async () => (house = await makeHouse()));
after(() => house.server.remove());

// Before a row is written the words are with the readers already: fan-out comes first.
const steps = [
  'journal.before_begin:8',
  'journal.before_commit:8',
  'journal.after_commit:8',
  'revisions.before_objects:1',
  'revisions.before_ref:1',
  'revisions.after_ref:1',
];
for (const step of steps) {
  test(`an end at ${step} loses nothing acknowledged and doubles nothing`, async () => {
    const { server, member, chair, one } = house;
    const port = new URL(server.url).port;
    await server.stop();
    await server.start(port, '--end-at', step);
    const ended = once(server.process, 'exit');
    const goes = await member.open(one).ready();
    const stays = await member.open(one).ready();
    const reader = await chair.open(one).ready();
    const name = step.replace(/\W/g, '');
    let typed = 0;
    let acknowledged = 0;
    const typing = setInterval(() => {
      if (typed >= 40) return;
      goes.type(`${name}g${typed} `);
      stays.type(`${name}s${typed} `);
      ++typed;
    }, 15);
    const watching = setInterval(() => (acknowledged = Math.max(acknowledged, typed - goes.provider.unsyncedChanges)), 1);
    const [code] = await ended;
    clearInterval(typing);
    clearInterval(watching);
    assert.equal(code, 9, server.log);
    goes.close();
    assert.equal((await bossey('check', server.data)).code, 0);

    await server.start(port);
    await stays.saved();
    const text = (await member.section('r', one)).canonical.replaceAll('\n', ' ');
    for (let i = 0; i < typed; ++i) {
      if (i < acknowledged) assert.equal(times(text, `${name}g${i}`), 1, `word ${i} of ${acknowledged} acknowledged`);
      assert.ok(times(text, `${name}g${i}`) <= 1);
      assert.equal(times(text, `${name}s${i}`), 1, `word ${i} of the page that came back`);
    }
    assert.ok(typed > 1, 'the end came while words were on their way');
    await until(() => reader.words() === stays.words(), 'the reader has the same text');
    await until(async () => (await server.git('wgig', 'show', `HEAD:reports/r/sections/${one}.md`)) === (await member.section('r', one)).canonical, 'git has it');
    await server.git('wgig', 'fsck', '--strict');
    stays.close();
    reader.close();
    assert.equal((await bossey('check', server.data)).code, 0);
  });
}

test('an end in the middle of a decision leaves it made, or not made, in journal and git alike', async () => {
  const { server, chair } = house;
  const port = new URL(server.url).port;
  const markdown = '# Report\n\n' + Array.from({ length: 6 }, (_, i) => `## S${i}\n\nWords of ${i}.\n`).join('\n');
  assert.equal((await chair.post('/api/groups/wgig/imports', { slug: 'd', markdown })).status, 201);
  const sections = (await chair.report('d')).sections.map((section) => section.id);
  for (const [i, step] of ['journal.before_commit:1', 'journal.after_commit:1', 'revisions.before_objects:1', 'revisions.before_ref:1', 'revisions.after_ref:1'].entries()) {
    await server.stop();
    await server.start(port, '--end-at', step);
    const answered = await chair.agree('d', sections[i]).catch(() => null);
    await until(() => server.process.exitCode === 9, 'the end');
    await server.start(port);
    const { decisions } = (await chair.get('/api/groups/wgig/decisions')).json;
    const made = (await chair.section('d', sections[i])).status.name === 'Agreed';
    if (answered?.status === 201 || step !== 'journal.before_commit:1') assert.ok(made, `${step}: the decision is there`);
    const files = (await git(server.repository('wgig'), 'ls-tree', '--name-only', 'HEAD', 'decisions/')).trim().split('\n');
    assert.equal(files.length, decisions.length, step);
    const checked = await bossey('check', server.data);
    assert.equal(checked.code, 0, checked.stdout);
  }
});

test('lock files that a crash left in a repository do not stop it', async () => {
  const { server, member, one } = house;
  await server.stop('SIGKILL');
  const repository = server.repository('wgig');
  for (const name of ['HEAD.lock', 'refs/heads/main.lock', 'packed-refs.lock', 'config.lock', 'index.lock']) await writeFile(join(repository, name), 'left');
  await server.start();
  const editor = await member.open(one).ready();
  editor.type('afterlocks ');
  await editor.saved();
  editor.close();
  assert.equal(await server.stop(), 0);
  assert.match(await git(repository, 'show', `HEAD:reports/r/sections/${one}.md`), /afterlocks/);
  assert.ok(!(await readdir(repository)).some((name) => name.endsWith('.lock')));
  await server.start();
});

test('a power cut that takes objects git had not synced: whole again from the journal, with every word and decision', { timeout: 60_000 }, async () => {
  const { server, member, chair, one } = house;
  const port = new URL(server.url).port;
  const repository = server.repository('wgig');
  let seed = Math.floor(Math.random() * 2 ** 31);
  console.log(`# seed ${seed}`);
  const random = (below) => (seed = (seed * 1103515245 + 12345) % 2 ** 31) % below;
  for (let round = 0; round < 3; ++round) {
    assert.equal(await server.stop(), 0);
    await server.start(port);
    const editor = await member.open(one).ready();
    for (let i = 0; i < 3; ++i) {
      editor.type(`power${round}v${i} `);
      await editor.saved();
      await chair.post('/api/groups/wgig/imports', { slug: `power${round}v${i}`, markdown: `# Report\n\n## S\n\nWords ${i}.\n` });
    }
    const section = (await chair.report(`power${round}v0`)).sections[0].id;
    assert.equal((await chair.agree(`power${round}v0`, section)).status, 201);
    const decisions = (await chair.get('/api/groups/wgig/decisions')).json.decisions.length;
    const path = (await git(repository, 'rev-parse', 'HEAD')).trim();
    await server.stop('SIGKILL');
    editor.close();

    const [synced, state] = (await readFile(join(repository, 'bossey-synced'), 'utf8')).split(/\s/);
    assert.equal(state, 'open');
    assert.notEqual(synced, path);
    const kept = new Set((await git(repository, 'rev-list', '--objects', synced)).split('\n').map((line) => line.slice(0, 40)));
    let hurt = 0;
    for (const file of await filesOf(join(repository, 'objects'))) {
      const id = file.slice(-41).replace('/', '');
      if (!/^[0-9a-f]{40}$/.test(id) || kept.has(id)) continue;
      const fate = random(4);
      await chmod(file, 0o600);
      if (fate === 0) await truncate(file, 0);
      if (fate === 1) await truncate(file, 20);
      if (fate === 2) await rm(file);
      hurt += fate < 3 ? 1 : 0;
    }
    assert.ok(hurt > 3, 'objects were lost');
    if (round === 1) await truncate(join(repository, 'refs/heads/main'), 0);

    await server.start(port);
    const { canonical } = await member.section('r', one);
    for (let i = 0; i < 3; ++i) assert.match(canonical, new RegExp(`power${round}v${i}\\s`));
    assert.equal((await chair.get('/api/groups/wgig/decisions')).json.decisions.length, decisions);
    await until(async () => (await git(repository, 'show', `HEAD:reports/r/sections/${one}.md`)) === canonical, 'git has the text');
    await git(repository, 'fsck', '--strict');
    const checked = await bossey('check', server.data);
    assert.equal(checked.code, 0, checked.stdout);
  }
});

test('kill -9 in a storm of 2,000 updates a second loses no acknowledged one', { timeout: 120_000 }, async () => {
  const server = await ScratchServer.make();
  try {
    const pages = [];
    for (let i = 0; i < 40; ++i) pages.push(await new Page(server, `scratch/storm${i % 20}`).ready());
    const plain = await Promise.all([0, 1, 2, 3].map((i) => new PlainPage(server, `scratch/storm${i}`).ready()));
    const sent = pages.map(() => 0);
    const acknowledged = pages.map(() => 0);
    const note = () => pages.forEach((page, i) => (acknowledged[i] = Math.max(acknowledged[i], sent[i] - page.provider.unsyncedChanges)));
    pages.forEach((page) => page.provider.on('unsyncedChanges', note));
    const began = performance.now();
    const storm = setInterval(() => {
      // As many as are due by the clock, so that the rate holds on a busy machine.
      const due = ((performance.now() - began) / 1000) * 50;
      pages.forEach((page, i) => {
        for (; sent[i] < due; ++sent[i]) page.doc.getMap('m').set(`${i}.${sent[i]}`, sent[i]);
      });
    }, 10);
    await new Promise((done) => setTimeout(done, 4_000));
    await server.stop('SIGKILL');
    note();
    clearInterval(storm);
    const rate = sent.reduce((a, b) => a + b) / ((performance.now() - began) / 1000);
    pages.forEach((page) => page.close());
    plain.forEach((page) => page.close());
    await server.start();
    const total = acknowledged.reduce((a, b) => a + b);
    console.log(`# ${Math.round(rate)} updates/s, ${total} acknowledged`);
    assert.ok(total > 2_000, `${total} acknowledged before the end`);
    let missing = 0;
    for (let document = 0; document < 20; ++document) {
      const page = await new Page(server, `scratch/storm${document}`).ready();
      for (const i of [document, document + 20]) for (let n = 0; n < acknowledged[i]; ++n) missing += page.doc.getMap('m').get(`${i}.${n}`) === n ? 0 : 1;
      page.close();
    }
    assert.equal(missing, 0, `${missing} of ${total} acknowledged updates are missing`);
    assert.equal((await bossey('check', server.data)).code, 0);
  } finally {
    await server.remove();
  }
});

test('SIGTERM under load: within 5 s and with 0, all acknowledged words in git, and the pages come back', { timeout: 60_000 }, async () => {
  const { server, member, one } = house;
  const port = new URL(server.url).port;
  const editors = await Promise.all(Array.from({ length: 12 }, () => member.open(one).ready()));
  let number = 0;
  let acknowledged = 0;
  const closes = [];
  for (const editor of editors) editor.socket.on('close', ({ event }) => closes.push(event.code));
  const typing = setInterval(() => editors.forEach((editor, i) => editor.type(`t${i}n${number} `)) || ++number, 10);
  const watching = setInterval(() => (acknowledged = Math.max(acknowledged, number - Math.max(...editors.map((editor) => editor.provider.unsyncedChanges)))), 1);
  await new Promise((done) => setTimeout(done, 1_500));
  const began = performance.now();
  assert.equal(await server.stop('SIGTERM'), 0, server.log);
  const took = performance.now() - began;
  clearInterval(typing);
  clearInterval(watching);
  console.log(`# SIGTERM under ${12 * 100} updates/s: ${Math.round(took)} ms`);
  assert.ok(took < 5_000, `${took} ms`);
  assert.ok(closes.length >= 12 && closes.every((code) => code === 1012), `closed with ${[...new Set(closes)]}`);
  const text = (await git(server.repository('wgig'), 'show', `HEAD:reports/r/sections/${one}.md`)).replaceAll('\n', ' ');
  assert.ok(acknowledged > 10);
  for (let n = 0; n < acknowledged; ++n) for (let i = 0; i < 12; ++i) assert.equal(times(text, `t${i}n${n}`), 1, `t${i}n${n} of ${acknowledged}`);
  const checked = await bossey('check', server.data);
  assert.equal(checked.code, 0, checked.stdout);
  assert.doesNotMatch(checked.stdout, /note:/, 'nothing is left to be committed');
  await server.start(port);
  await Promise.all(editors.map((editor) => editor.saved()));
  const whole = (await member.section('r', one)).canonical.replaceAll('\n', ' ');
  for (let n = 0; n < number; ++n) for (let i = 0; i < 12; ++i) assert.equal(times(whole, `t${i}n${n}`), 1);
  editors.forEach((editor) => editor.close());
});
