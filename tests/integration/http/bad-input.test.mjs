// What nobody should send, and data folders that are not whole: one clear sentence each, nothing half done, the server
// stays up.
import assert from 'node:assert/strict';
import { cp, mkdtemp, open, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Server } from './server.mjs';

let server, chair, folder;
before(async () => {
  server = await Server.make();
  folder = await mkdtemp(join(tmpdir(), 'bossey-bad-'));
  await server.command('group', 'create', 'wgig', '--name', 'WGIG');
  chair = await server.join('wgig', 'Chair', 'chair');
  const made = await chair.post('/api/groups/wgig/imports', { slug: 'good', markdown: '# Good\n\n## One\n\nWords.\n' });
  assert.equal(made.status, 201);
});
after(async () => {
  await server.remove();
  await rm(folder, { recursive: true, force: true });
});

/** Runs a command that must fail; what it said. */
async function refused(...words) {
  const error = await server.command(...words).then(
    () => assert.fail(`${words.join(' ')} was taken`),
    (failed) => failed,
  );
  assert.ok(error.code > 0, `ended with ${error.code} ${error.signal}`);
  const said = error.stderr.trim();
  assert.ok(said.length > 10 && said.split('\n').length <= 3, said);
  return said;
}

test('files that are no report are refused by the command line, and the server does not notice', async () => {
  const files = {
    'binary.md': [Buffer.from(Array.from({ length: 4096 }, (_, i) => i % 256)), /UTF-8|control|text/i],
    'broken.md': [Buffer.concat([Buffer.from('# Title\n\ncaf'), Buffer.from([0xe9]), Buffer.from(' au lait\n')]), /UTF-8/],
    'huge.md': [Buffer.alloc(50 << 20, 'word '), /large|split|MB/i],
    'headings.md': [Buffer.from(`# T\n\n${'## x\n\ny\n\n'.repeat(10_001)}`), /sections|split/i],
    'deep.md': [Buffer.from(`# T\n\n## x\n\n${'- '.repeat(10_000)}x\n`), /deep|nest/i],
    'quotes.md': [Buffer.from(`# T\n\n## x\n\n${'> '.repeat(10_000)}x\n`), /deep|nest/i],
    'empty.md': [Buffer.alloc(0), /no section|empty|nothing/i],
  };
  for (const [name, [bytes, says]] of Object.entries(files)) {
    const file = join(folder, name);
    await writeFile(file, bytes);
    const began = performance.now();
    const said = await refused('import', file, '--group', 'wgig', '--report', 'bad');
    assert.match(said, says, `${name}: ${said}`);
    assert.ok(performance.now() - began < 20_000, `${name} took too long`);
  }
  await refused('import', join(folder, 'missing.md'), '--group', 'wgig', '--report', 'bad');
  await refused('import', folder, '--group', 'wgig', '--report', 'bad');
  await writeFile(join(folder, 'fine.md'), '# Fine\n\n## One\n\nWords.\n');
  await refused('import', join(folder, 'fine.md'), '--group', 'none', '--report', 'bad');
  await refused('import', join(folder, 'fine.md'), '--group', 'wgig', '--report', 'good');
  const { reports } = (await chair.get('/api/groups/wgig')).json;
  assert.deepEqual(reports.map((report) => report.slug), ['good']);
  assert.equal(server.process.exitCode, null);
});

test('lists and quotations of any depth are refused over HTTP, too, at once', async () => {
  for (const mark of ['- ', '> ', '1. ', '- > ']) {
    const markdown = `# T\n\n## x\n\n${mark.repeat(10_000)}x\n`;
    const answer = await chair.post('/api/groups/wgig/imports', { slug: 'deep', markdown });
    assert.ok(answer.status === 400 || answer.status === 413, `${mark}: ${answer.status}`);
    assert.ok(answer.json.error.message.length > 10);
  }
});

test('what does not exist is not found by any call, and wrong links say what to do', async () => {
  const [section] = (await chair.report('good')).sections;
  const places = [
    '/api/groups/none',
    '/api/groups/wgig/reports/none',
    '/api/groups/wgig/reports/good/sections/none',
    `/api/groups/wgig/reports/none/sections/${section.id}`,
    '/api/groups/wgig/reports/good/sections/none/proposals',
    '/api/groups/wgig/reports/good/sections/none/agreed',
    '/api/groups/wgig/reports/good/sections/none/redline?from=a&to=live',
    '/api/groups/wgig/reports/good/revisions?section=none',
    '/g/wgig/r/none/print',
    '/g/wgig/r/good/print?section=none',
    '/g/wgig/r/none/report.md',
  ];
  for (const place of places) assert.equal((await chair.get(place)).status, 404, place);
  const decide = { kind: 'bracket' };
  assert.equal((await chair.decide('good', 'none', decide)).status, 404);
  assert.equal((await chair.decide('none', section.id, decide)).status, 404);
  const outline = (command) => chair.post('/api/groups/wgig/reports/good/outline', { version: 1, ...command });
  assert.equal((await outline({ command: 'rename', section: 'none', title: 'x' })).status, 404);
  assert.equal((await outline({ command: 'merge', section: section.id, into: 'none' })).status, 404);
  assert.equal((await outline({ command: 'fly', section: section.id })).status, 400);
  for (const token of ['wrong', '%00', 'a'.repeat(5000), '..%2f..%2fetc']) {
    const link = await fetch(`${server.url}/sign-in/${token}`, { redirect: 'manual' });
    assert.ok([400, 401, 404, 414, 431].includes(link.status), `${token.slice(0, 9)}: ${link.status}`);
    assert.equal(link.headers.get('set-cookie'), null);
  }
  const wrong = await (await fetch(`${server.url}/sign-in/wrong`)).text();
  assert.match(wrong, /link/i);
});

/** A copy of the stopped server's folder, meddled with; what `serve` then says, and that it changed no octet of it. */
async function serveDamaged(name, meddle) {
  const data = join(folder, name);
  await cp(server.data, data, { recursive: true });
  await meddle(data);
  const other = new Server();
  other.data = data;
  const outcome = await other.start().then(
    () => null,
    (error) => error.message,
  );
  return { other, data, outcome };
}

test('a data folder that is not whole stops the server with a sentence, or leaves the other groups working', async () => {
  await server.command('group', 'create', 'second', '--name', 'Second');
  await server.stop();
  const files = await readdir(server.data);
  const journal = files.find((file) => file.startsWith('journal') && file.endsWith('.sqlite')) ?? 'journal.sqlite';
  const cases = {
    garbage: async (data) => writeFile(join(data, journal), Buffer.alloc(8192, 0x5a)),
    half: async (data) => truncate(join(data, journal), Math.floor((await stat(join(data, journal))).size / 2)),
    page: async (data) => {
      const file = await open(join(data, journal), 'r+');
      await file.write(Buffer.alloc(4096, 0xff), 0, 4096, 4096);
      await file.close();
    },
  };
  for (const [name, meddle] of Object.entries(cases)) {
    const { other, data, outcome } = await serveDamaged(name, meddle);
    if (outcome === null) {
      // It may have found all it needs; then what it serves is right.
      assert.equal((await fetch(`${other.url}/healthz`)).status, 200);
      assert.equal(await other.stop(), 0);
    } else {
      assert.match(outcome, /ended with [1-9]/, `${name}: ${outcome}`);
      assert.match(outcome, /journal|data|damaged|corrupt|restore/i, `${name}: ${outcome}`);
      assert.ok((await readFile(join(data, journal))).length > 0, 'it is left as it is');
    }
  }
  const { other, outcome } = await serveDamaged('repository', async (data) => {
    await writeFile(join(data, 'groups', 'wgig.git', 'HEAD'), 'nonsense');
    await rm(join(data, 'groups', 'wgig.git', 'objects'), { recursive: true });
  });
  if (outcome === null) {
    assert.equal((await fetch(`${other.url}/healthz`)).status, 200);
    assert.equal(await other.stop(), 0);
  } else {
    assert.match(outcome, /wgig|repository/i);
  }
  await server.start();
});
