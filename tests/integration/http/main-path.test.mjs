// The main job over HTTP: import, agree, be refused, late edit, redline, stock git.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { Server, sharedReport, until } from './server.mjs';

const run = promisify(execFile);
const small = '# Small report\n\n## Forum function\n\nThe group should meet.\n\n## Funding\n\nNobody pays.\n';

let server, chair, member, other, observer;
before(async () => {
  server = await Server.make();
  await server.command('group', 'create', 'wgig', '--name', 'WGIG');
  chair = await server.join('wgig', 'Chair', 'chair');
  member = await server.join('wgig', 'Member', 'member');
  other = await server.join('wgig', 'Other', 'member');
  observer = await server.join('wgig', 'Observer', 'observer');
});
after(() => server.remove());

async function importReport(slug, markdown = small) {
  const made = await chair.post('/api/groups/wgig/imports', { slug, markdown });
  assert.equal(made.status, 201, made.text);
  return (await chair.report(slug)).sections.map((section) => section.id);
}
const redline = async (slug, section, from, to) =>
  (await observer.get(`/api/groups/wgig/reports/${slug}/sections/${section}/redline?from=${from}&to=${to}`)).json;
const revisions = async (slug, section) =>
  (await observer.get(`/api/groups/wgig/reports/${slug}/revisions?section=${section}`)).json.revisions;

test('the real report is imported whole, by file and by page', { skip: !existsSync(sharedReport) }, async () => {
  const printed = await server.command('import', sharedReport, '--group', 'wgig', '--report', 'history');
  assert.match(printed, /9 sections, 25 footnotes/);
  const report = await member.report('history');
  assert.equal(report.title, 'A Brief History of WGIG');
  assert.equal(report.sections.length, 9);
  const again = await chair.post('/api/groups/wgig/imports', {
    slug: 'history',
    markdown: await readFile(sharedReport, 'utf8'),
  });
  assert.equal(again.status, 409);
  const download = await observer.get('/g/wgig/r/history/report.md');
  assert.match(download.text, /draft working paper/);
  assert.match(download.text, /four equally beautiful brides/);
});

test('a megabyte is imported in about a second', async () => {
  let markdown = '# Long report\n';
  for (let i = 0; markdown.length < 1 << 20; ++i) {
    markdown += `\n## Section ${i}\n\n${'Words that fill a paragraph of some length. '.repeat(40)}\n`;
  }
  const began = performance.now();
  await importReport('long', markdown);
  const spent = performance.now() - began;
  assert.ok(spent < 20_000, `${spent} ms`); // generous: tests share the machine
  console.log(`# 1 MB imported in ${Math.round(spent)} ms`);
});

test('what is agreed is the words shown, to the letter, and is closed for everybody', async () => {
  const [section] = await importReport('agree');
  const editor = await member.open(section).ready();
  const shown = await chair.section('agree', section);
  editor.type(' Often.');
  await editor.saved();
  const refused = await chair.decide('agree', section, {
    kind: 'agree',
    asked_aloud: true,
    text_id: shown.text_id,
    content_hash: shown.content_hash,
  });
  assert.equal(refused.status, 409);
  assert.equal(refused.json.error.code, 'conflict');
  assert.equal((await chair.agree('agree', section)).status, 201);
  await editor.heard('closed');
  const agreed = await observer.section('agree', section);
  assert.equal(agreed.status.name, 'Agreed');
  assert.equal(agreed.status.closed, true);
  assert.equal(agreed.disclaimer, null);
  assert.match(agreed.canonical, /The group should meet\. ?\n?Often\./);
  for (const nobody of [member, observer]) assert.equal((await nobody.agree('agree', section)).status, 403);
  editor.close();
});

test('a late edit stays out of the agreed text and becomes a proposal only its author reads', async () => {
  const [section] = await importReport('late');
  const editor = await member.open(section).ready();
  assert.equal((await chair.agree('late', section)).status, 201);
  const before = await observer.section('late', section);
  editor.type(' But never on Sundays.');
  const late = await editor.heard('late');
  assert.match(late.message, /kept as proposal/);
  const proposals = `/api/groups/wgig/reports/late/sections/${section}/proposals`;
  const [mine] = (await member.get(proposals)).json.proposals;
  assert.equal(mine.mine, true);
  assert.match(mine.canonical, /But never on Sundays\./);
  assert.equal(mine.redline.words_inserted, 4);
  for (const stranger of [other, chair, observer]) {
    const answer = await stranger.get(proposals);
    assert.equal(answer.status, 200);
    assert.doesNotMatch(answer.text, /Sundays/);
    assert.equal((await stranger.post(`/api/groups/wgig/proposals/${mine.number}/withdraw`)).status >= 400, true);
  }
  assert.equal((await member.post(`/api/groups/wgig/proposals/${mine.number}/withdraw`)).status, 204);
  assert.equal((await member.get(proposals)).json.proposals[0].state, 'withdrawn');
  assert.equal((await observer.section('late', section)).text_id, before.text_id);
  editor.close();
});

test('reviewers see word by word what changed between any two revisions', async () => {
  const [section] = await importReport('review');
  const editor = await member.open(section).ready();
  await until(async () => (await revisions('review', section)).length === 1, 'the import is a revision');
  editor.type(' Twice a year.');
  await editor.saved();
  await until(async () => (await revisions('review', section)).length === 2, 'the edit is a revision');
  const [newest, first] = await revisions('review', section);
  const change = await redline('review', section, first.id, newest.id);
  assert.equal(change.words_inserted, 3);
  assert.equal(change.words_deleted, 0);
  assert.match(change.html, /<ins>.*Twice/);
  assert.equal((await redline('review', section, newest.id, 'live')).differs, false);
  editor.close();
});

test('stock git reads the history, and a decision can be checked with sha256sum', async () => {
  const [section] = await importReport('git');
  const { json } = await chair.agree('git', section);
  const decided = await observer.section('git', section);
  await until(async () => (await revisions('git', section))[0].decision === json.number, 'the decision is in git');
  const clone = await mkdtemp(join(tmpdir(), 'bossey-clone-'));
  await run('git', ['clone', '--quiet', server.repository('wgig'), clone]);
  const text = await readFile(join(clone, `reports/git/sections/${section}.md`));
  assert.equal(createHash('sha256').update(text).digest('hex'), decided.text_id);
  const number = String(json.number).padStart(6, '0');
  const record = JSON.parse(await readFile(join(clone, `decisions/${number}.json`), 'utf8'));
  assert.equal(record.subject[0].text_id, decided.text_id);
  await run('git', ['-C', clone, 'fsck', '--strict']);
  const log = await server.git('wgig', 'log', '--format=%an <%ae>%n%cn%n%B');
  assert.match(log, new RegExp(`^Section: ${section}$`, 'm'));
  assert.match(log, /^Journal-Seq: \d+$/m);
  assert.doesNotMatch(log, /Member|Chair|Observer/);
  const blame = await server.git('wgig', 'blame', 'HEAD', '--', `reports/git/sections/${section}.md`);
  assert.match(blame, /The group should meet\./);
  await rm(clone, { recursive: true });
});

test('bad input gets an answer that says what to do, and changes nothing', async () => {
  const reports = async () => (await chair.get('/api/groups/wgig')).json.reports.length;
  const had = await reports();
  const raw = (body, headers = {}) =>
    fetch(`${server.url}/api/groups/wgig/imports`, {
      method: 'POST',
      headers: { cookie: chair.cookie, 'content-type': 'application/json', 'bossey-request': '1', ...headers },
      body,
    });
  const json = (markdown) => JSON.stringify({ key: 'bad-input-key', slug: 'bad', markdown });
  const cases = [
    [await raw('{'), 400],
    [await raw(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])), 400],
    [await raw(json('\u0000\u0001binary')), 400],
    [await raw(json('#'.repeat(5 << 20))), 413],
    [await raw(json(`# T\n${'## x\n\ny\n\n'.repeat(10_000)}`)), 413],
    [await raw(json('# T'), { origin: 'http://evil.example' }), 403],
    [await raw(json('# T'), { 'bossey-request': '' }), 403],
    [await raw('{"a":'.repeat(100_000)), 400],
  ];
  for (const [answer, status] of cases) {
    const { error } = await answer.json();
    assert.equal(answer.status, status, error.message);
    assert.ok(error.message.length > 10);
  }
  const deep = await raw(json(`# T\n\n${Array.from({ length: 3_000 }, (_, i) => `${' '.repeat(2 * i)}- x`).join('\n')}`));
  assert.ok(deep.status === 400 || deep.status === 413, `${deep.status}`);
  assert.equal(await reports(), had);
  const huge = await raw('x'.repeat(50 << 20)).catch(() => null);
  assert.ok(huge === null || huge.status === 413);
  assert.equal((await chair.get('/api/me')).status, 200);
  const file = join(server.data, '..', `bossey-broken-${process.pid}.md`);
  await writeFile(file, Buffer.from([0x23, 0x20, 0xff, 0xfe]));
  await assert.rejects(server.command('import', file, '--group', 'wgig', '--report', 'bad'), /UTF-8/);
  await rm(file);
});
