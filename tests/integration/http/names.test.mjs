// People with names that nobody could mistake do everything that there is to do; then nothing that leaves the server, or
// that others are shown, names one of them: not git, not a bundle, an export, an answer, an event, a log or a backup.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { Editor, Server, until } from './server.mjs';

const run = promisify(execFile);
const bytes = { maxBuffer: 1 << 28, encoding: 'buffer' };

/** Each name in the parts that alone would tell who it is. */
const names = {
  chair: ['Xochitl Quetzalapa', 'Xochitl', 'Quetzalapa'],
  secretariat: ['Ingeborg Tjøstheim', 'Ingeborg', 'Tjøstheim'],
  member: ['عبد الرحمن القحطاني', 'القحطاني'],
  other: ['欧阳慧敏', '欧阳'],
  lead: ['Wangari Muthoni <wangari@delegation.example>', 'Wangari', 'wangari@delegation.example'],
  observer: ['Bystander Okonkwo', 'Okonkwo'],
};
const needles = Object.values(names).flat();
const forms = needles.flatMap((name) => [
  name,
  JSON.stringify(name).slice(1, -1).replace(/[^\x20-\x7e]/gu, (c) => [...c].map((u) => `\\u${u.codePointAt(0).toString(16).padStart(4, '0')}`).join('')),
  encodeURIComponent(name),
  Buffer.from(name).toString('base64').replace(/=+$/, ''),
]);

function nobodyIn(content, where) {
  const text = Buffer.isBuffer(content) ? content : Buffer.from(content);
  for (const form of forms) assert.equal(text.indexOf(Buffer.from(form)), -1, `${where} names somebody: ${form}`);
}

let server, folder;
const who = {};
const heard = [];
const markdown = '# Final Report\n\n## Forum function\n\nThe group should meet.\n\n## Funding\n\nNobody pays.\n\n## Oversight\n\nSomebody watches.\n';
let one, two, three;
const group = '/api/groups/wgig';
const path = (section) => `${group}/reports/final/sections/${section}`;

async function ok(promise, status) {
  const answer = await promise;
  assert.equal(answer.status, status, answer.text);
  return answer;
}

before(async () => {
  server = await Server.make();
  folder = await mkdtemp(join(tmpdir(), 'bossey-names-'));
  await server.command('group', 'create', 'wgig', '--name', 'WGIG');
  const roles = { chair: 'chair', secretariat: 'secretariat', member: 'member', other: 'member', lead: 'member', observer: 'observer' };
  for (const [key, role] of Object.entries(roles)) who[key] = await server.join('wgig', names[key][0], role);
});
after(async () => {
  await server.remove();
  await rm(folder, { recursive: true, force: true });
});

/** Everything that the group is told while it lasts. */
function listen(somebody) {
  const page = new Editor(somebody, '', 'group/wgig');
  return page;
}

async function position(somebody, section, kind, words) {
  const { text_id } = await who.chair.section('final', section);
  return ok(somebody.post(`${path(section)}/positions`, { kind, words, text_id }), 201);
}

test('they do everything that there is to do', async () => {
  await ok(who.secretariat.post(`${group}/imports`, { slug: 'final', markdown }), 201);
  [one, two, three] = (await who.chair.report('final')).sections.map((section) => section.id);
  const pages = [listen(who.observer), listen(who.other)];
  await until(() => pages.every((page) => page.provider.synced || page.provider.isAuthenticated), 'they hear of the group');

  await ok(who.secretariat.post(`${group}/meetings`, { kind: 'plenary', name: 'ninth meeting' }), 201);
  for (const key of ['chair', 'member', 'other', 'lead']) await ok(who[key].post(`${group}/meetings/1/here`, { here: true }), 200);
  await ok(who.secretariat.post(`${group}/teams`, { room: 'drafting team 3', co_leads: [who.lead.id], members: [who.member.id] }), 201);
  await ok(who.secretariat.post(`${path(two)}/team`, { team: 1 }), 204);
  await ok(who.chair.post(`${group}/typist`, { person: who.member.id }), 204);

  const editors = await Promise.all([who.member.open(one).ready(), who.lead.open(two).ready(), who.secretariat.open(three).ready()]);
  for (let i = 0; i < 5; ++i) {
    editors.forEach((editor) => editor.type(` word${i}`));
    await Promise.all(editors.map((editor) => editor.saved()));
  }
  await position(who.member, one, 'objection', 'It names one country.');
  await position(who.other, one, 'reservation', 'We read it narrowly.');
  await ok(who.member.post(`${path(one)}/positions/1`, { move: 'withdraw' }), 200);
  await position(who.lead, three, 'no_objection');
  await ok(who.secretariat.post(`${path(three)}/positions`, { kind: 'objection', words: 'From the floor.', floor: true, text_id: (await who.chair.section('final', three)).text_id }), 201);

  const deadline = `${new Date(Date.now() + 86_400_000).toISOString().slice(0, 19)}Z`;
  const shown = await who.chair.section('final', two);
  await ok(who.secretariat.post(`${group}/reports/final/reviews`, { deadline, sections: [{ section: two, text_id: shown.text_id }] }), 201);
  for (const key of ['chair', 'member', 'other', 'lead']) await ok(who[key].post(`${group}/reviews/1/opened`), 204);
  await ok(who.secretariat.post(`${group}/reviews/1/end`), 200);
  await ok(who.lead.decide('final', two, { kind: 'adref', text_id: shown.text_id, content_hash: shown.content_hash }), 201);
  await ok(who.secretariat.decide('final', two, { kind: 'working_paper', text_id: shown.text_id, content_hash: shown.content_hash }), 201);
  await ok(who.chair.decide('final', three, { kind: 'bracket' }), 201);
  await ok(who.chair.decide('final', three, { kind: 'undo' }), 201);

  // Words that come after the decision are a proposal of their author.
  const late = await who.member.open(one).ready();
  late.socket.disconnect();
  late.type(' too late');
  await ok(who.chair.agree('final', one), 201);
  late.socket.connect();
  await late.heard('late');
  await ok(who.member.post(`${group}/proposals/1/withdraw`), 204);
  await ok(who.chair.decide('final', one, { kind: 'reopen', reason: 'A word was missing.' }), 201);
  const rules = await who.chair.call('PATCH', `${group}/rules`, { key: '1234567890', quorum: 2, secretariat_sees_positions: true });
  assert.equal(rules.status, 200, rules.text);
  await ok(who.secretariat.call('PATCH', `${group}/meetings/1`, { key: '1234567891', end: true }), 200);
  await until(async () => (await server.git('wgig', 'log', '--format=%s')).includes('List the sections'), 'git is up to date');
  const inGit = () => server.git('wgig', 'ls-tree', '--name-only', 'HEAD', 'decisions/');
  await until(async () => (await inGit()).includes('decisions/000006.json'), 'the last decision is in git');

  pages.forEach((page) => heard.push(...page.messages));
  [...editors, late, ...pages].forEach((editor) => editor.close());
  assert.ok(heard.length > 20, `only ${heard.length} events were heard`);
});

test('events name nobody', () => nobodyIn(JSON.stringify(heard), 'an event'));

test('what other members and observers are answered names nobody', async () => {
  const reads = [
    group, `${group}/reports/final`, `${group}/decisions`, `${group}/decisions/1`, `${group}/meetings`, `${group}/teams`, `${group}/reviews`, `${group}/rules`,
    `${group}/reports/final/revisions`, '/g/wgig/r/final/print', '/g/wgig/r/final/report.md', '/g/wgig/decisions.md',
    ...[one, two, three].flatMap((section) => [path(section), `${path(section)}/positions`, `${path(section)}/proposals`]),
  ];
  for (const read of reads) {
    const answer = await ok(who.observer.get(read), 200);
    nobodyIn(answer.text, `${read} as an observer`);
    // A member finds an own name in an own position, and nobody else's.
    const own = (await ok(who.other.get(read), 200)).text.replaceAll(names.other[0], '');
    nobodyIn(own, `${read} as another member`);
  }
  assert.equal((await who.other.get(`${group}/people`)).status, 403);
  const { revisions } = (await who.other.get(`${group}/reports/final/revisions?section=${two}`)).json;
  assert.ok(revisions.some((revision) => revision.author === 'drafting team 3'), JSON.stringify(revisions));
});

async function nobodyInRepository(repository, where) {
  const { stdout: objects } = await run('git', ['-C', repository, 'cat-file', '--batch-all-objects', '--batch'], bytes);
  assert.ok(objects.length > 1_000);
  nobodyIn(objects, `${where}: objects`);
  for (const file of await readdir(repository, { recursive: true, withFileTypes: true })) {
    if (!file.isFile()) continue;
    const place = join(file.parentPath ?? file.path, file.name);
    nobodyIn(place, `${where}: a file's name`);
    if (!place.includes('/objects/')) nobodyIn(await readFile(place), place);
  }
  const { stdout: authors } = await run('git', ['-C', repository, 'log', '--all', '--format=%an <%ae> %cn <%ce>']);
  for (const line of authors.trim().split('\n')) assert.match(line, /@bossey\.invalid> .*@bossey\.invalid>$/);
}

test('the repository, its bundle and the backup’s copy name nobody', async () => {
  await nobodyInRepository(server.repository('wgig'), 'repository');
  const bundle = join(folder, 'all.bundle');
  await run('git', ['-C', server.repository('wgig'), 'bundle', 'create', bundle, '--all']);
  nobodyIn(await readFile(bundle), 'the bundle');
  await run('git', ['clone', '--quiet', '--mirror', bundle, join(folder, 'from-bundle.git')]);
  await nobodyInRepository(join(folder, 'from-bundle.git'), 'bundle');
  const backup = join(folder, 'backup.tar');
  await run(process.env.BOSSEY_BINARY ?? join(import.meta.dirname, '../../../build/release/bossey'), ['backup', server.data, backup]);
  await mkdir(join(folder, 'backup'));
  await run('tar', ['-xf', backup, '-C', join(folder, 'backup')]);
  const copies = (await readdir(join(folder, 'backup'), { recursive: true })).filter((name) => name.endsWith('wgig.git'));
  assert.equal(copies.length, 1);
  await nobodyInRepository(join(folder, 'backup', copies[0]), 'backup');
});

test('the server’s log names nobody, and the search itself would find a name', async () => {
  nobodyIn(server.log, 'the log');
  assert.ok(server.log.length > 0);
  await writeFile(join(folder, 'planted'), JSON.stringify({ by: names.member[0] }));
  await assert.rejects(async () => nobodyIn(await readFile(join(folder, 'planted')), 'planted'), /names somebody/);
});
