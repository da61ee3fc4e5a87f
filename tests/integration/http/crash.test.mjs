// Killed without warning and started again: every acknowledged word, decision and person is there.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Server, until } from './server.mjs';

let server, chair, member;
before(async () => {
  server = await Server.make();
  await server.command('group', 'create', 'wgig', '--name', 'WGIG');
  chair = await server.join('wgig', 'Chair', 'chair');
  member = await server.join('wgig', 'Member', 'member');
});
after(() => server.remove());

test('after kill -9 the acknowledged words, the decision and the sessions are there, in git, too', async () => {
  const markdown = '# Report\n\n## One\n\nBegin\n\n## Two\n\nAgreed words.\n';
  assert.equal((await chair.post('/api/groups/wgig/imports', { slug: 'r', markdown })).status, 201);
  const [one, two] = (await chair.report('r')).sections.map((section) => section.id);
  assert.equal((await chair.agree('r', two)).status, 201);
  const editor = await member.open(one).ready();
  for (let i = 0; i < 50; ++i) editor.type(` word${i}`);
  await editor.saved();
  await server.stop('SIGKILL');
  editor.close();

  await server.start();
  const section = await member.section('r', one);
  for (let i = 0; i < 50; ++i) assert.match(section.canonical, new RegExp(`word${i}\\b`));
  assert.equal((await member.section('r', two)).status.name, 'Agreed');
  assert.equal((await chair.get('/api/groups/wgig/decisions')).json.decisions.length, 1);
  await until(async () => (await server.git('wgig', 'show', `HEAD:reports/r/sections/${one}.md`)) === section.canonical, 'git has the words');
  await server.git('wgig', 'fsck', '--strict');
});

test('a page that was open goes on by itself after the server is back, and its words arrive once', async () => {
  const markdown = '# Report\n\n## One\n\nBegin\n';
  assert.equal((await chair.post('/api/groups/wgig/imports', { slug: 'back', markdown })).status, 201);
  const [one] = (await chair.report('back')).sections.map((section) => section.id);
  const editor = await member.open(one).ready();
  const port = new URL(server.url).port;
  await server.stop('SIGKILL');
  editor.type(' while away');
  await server.start(port);
  await editor.saved();
  const { canonical } = await member.section('back', one);
  assert.equal(canonical.split('while away').length, 2);
  editor.close();
});

test('SIGTERM ends it with 0, and what was typed a moment ago is in git', async () => {
  const [one] = (await chair.report('back')).sections.map((section) => section.id);
  const editor = await member.open(one).ready();
  editor.type(' last words');
  await editor.saved();
  const began = performance.now();
  assert.equal(await server.stop('SIGTERM'), 0);
  assert.ok(performance.now() - began < 5_000);
  editor.close();
  assert.match(await server.git('wgig', 'show', `HEAD:reports/back/sections/${one}.md`), /last words/);
  await server.start();
});
