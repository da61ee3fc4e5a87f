// A closing over HTTP on the real server: versions, corrections, a kill in between, and the record checked from a clone.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { Server } from './server.mjs';

const run = promisify(execFile);
const binary = process.env.BOSSEY_BINARY ?? resolve(import.meta.dirname, '../../../build/release/bossey');
const markdown = '# Final\n\n## Forum function\n\nThe group should meet. It meets twice.\n\n## Funding\n\nNobody pays.\n';
const at = '/api/groups/wgig/reports/final';

let server, chair, secretariat, member, other, observer, sections;
before(async () => {
  server = await Server.make();
  await server.command('group', 'create', 'wgig', '--name', 'WGIG');
  chair = await server.join('wgig', 'Chair', 'chair');
  secretariat = await server.join('wgig', 'Secretariat', 'secretariat');
  member = await server.join('wgig', 'Member', 'member');
  other = await server.join('wgig', 'Other', 'member');
  observer = await server.join('wgig', 'Observer', 'observer');
  const made = await chair.post('/api/groups/wgig/imports', { slug: 'final', markdown });
  assert.equal(made.status, 201, made.text);
  sections = (await chair.report('final')).sections.map((section) => section.id);
});
after(() => server.remove());

async function file(who, section, find, replace, more = {}) {
  const { text_id } = await who.section('final', section);
  return who.post(`${at}/corrections`, { section, text_id, find, replace, class: 'editorial', ...more });
}
const move = (who, number, what) => who.post(`${at}/corrections/${number}`, { move: what });
const closing = async (who = observer) => (await who.get(`${at}/closing`)).json;

/** From a clone, by the program and by the script of the documentation. */
async function recordHolds() {
  const folder = await mkdtemp(join(tmpdir(), 'bossey-clone-'));
  try {
    const clone = join(folder, 'clone');
    await run('git', ['clone', '--quiet', server.repository('wgig'), clone]);
    const verified = await run(binary, ['verify', clone]);
    const page = await readFile(resolve(import.meta.dirname, '../../../docs/formats/verify.md'), 'utf8');
    const script = join(folder, 'verify.sh');
    await writeFile(script, page.split('```sh\n')[1].split('\n```\n')[0] + '\n');
    const stock = await run('sh', [script, clone]);
    assert.match(stock.stdout, /The record holds/);
    return { clone: folder, said: verified.stdout };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

test('a report is closed with one section left open; edits that come later are proposals', async () => {
  assert.equal((await chair.agree('final', sections[0])).status, 201);
  assert.equal((await chair.post(`${at}/phases`, { to: 'plenary' })).status, 201);
  const refused = await chair.post(`${at}/phases`, { to: 'editorial_window' });
  assert.equal(refused.status, 409);
  assert.match(refused.json.error.message, /2 Funding/);
  assert.equal((await chair.post(`${at}/left-open`, { sections: [{ section: sections[1] }] })).status, 201);
  const editor = await member.open(sections[1]).ready();
  const closed = await chair.post(`${at}/phases`, { to: 'editorial_window', quiet_s: 0 });
  assert.equal(closed.status, 201, closed.text);
  assert.match(closed.json.sentence, /version F-1, enters phase "Closed, editorial window"/);
  await editor.heard('closed');
  editor.type(' Too late.');
  await editor.heard('late');
  assert.doesNotMatch((await observer.section('final', sections[1])).canonical, /Too late/);
  assert.equal((await chair.decide('final', sections[0], { kind: 'reopen', reason: 'why' })).status, 409);
  await recordHolds();
});

test('corrections are applied, flagged and taken out, each time with a version; a kill changes nothing', async () => {
  assert.equal((await file(member, sections[0], 'The group', 'This group')).status, 201);
  assert.equal((await file(other, sections[1], 'Nobody pays.', 'No one pays.')).status, 409, 'substance');
  assert.equal((await file(other, sections[1], 'Nobody pays.', 'No one pays.', { insists: true })).status, 201);
  for (const number of [1, 2]) {
    const applied = await move(secretariat, number, 'apply');
    assert.equal(applied.status, 200, applied.text);
  }
  const printed = (await observer.get('/g/wgig/r/final/releases/F-1/print')).text;
  await server.stop('SIGKILL');
  await server.start();
  assert.equal((await observer.get('/g/wgig/r/final/releases/F-1/print')).text, printed);
  assert.match((await observer.section('final', sections[0])).canonical, /This group should meet/);
  const flagged = await move(other, 1, 'flag');
  assert.equal(flagged.status, 200, flagged.text);
  assert.match((await observer.section('final', sections[0])).canonical, /The group should meet/);
  assert.equal((await observer.section('final', sections[0])).status.settled, true);
  const { releases } = (await observer.get(`${at}/releases`)).json;
  assert.deepEqual(releases.map((release) => release.id), ['F-1', 'F-1.1', 'F-1.2', 'F-1.3']);
  for (const { id, revision, checksum } of releases) {
    const bytes = await server.git('wgig', 'show', `${revision}:releases/final/${id}.json`);
    assert.equal(createHash('sha256').update(bytes).digest('hex'), checksum);
  }
  const redline = await observer.get(`${at}/redline?from=${releases[0].revision}&to=${releases[2].revision}`);
  assert.match(redline.text, /This/);
  const { said } = await recordHolds();
  assert.match(said, /holds/i);
});

test('nobody is named in what is cloned or told', async () => {
  const all = await server.git('wgig', 'log', '-p', '--all');
  for (const name of ['Member', 'Other', 'Chair"']) assert.ok(!all.includes(name), name);
  assert.ok(!JSON.stringify(await closing(chair)).includes('Member'));
  assert.equal((await closing(member)).corrections[0].mine, true);
  assert.equal((await closing(chair)).corrections[0].mine, false);
});

test('a text changed behind the server’s back is found', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'bossey-clone-'));
  try {
    const clone = join(folder, 'clone');
    await run('git', ['clone', '--quiet', server.repository('wgig'), clone]);
    const path = join(clone, `reports/final/sections/${sections[1]}.md`);
    await writeFile(path, '# Funding\n\nEverybody pays.\n');
    await run('git', ['-C', clone, '-c', 'user.name=x', '-c', 'user.email=x@invalid', 'commit', '-qam', 'Edit']);
    const ran = await run(binary, ['verify', clone]).catch((error) => error);
    assert.equal(ran.code, 3);
    assert.match(ran.stdout, /though its report is closed/);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
