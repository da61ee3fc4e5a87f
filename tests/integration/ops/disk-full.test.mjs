// A disk of a few megabytes that runs full while people write (a tmpfs, so this needs root; else it is left out).
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { appendFile, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { HocuspocusProvider } from '@hocuspocus/provider';
import { Server, until } from '../http/server.mjs';
import { bossey, newFolder } from './folder.mjs';

let folder, server, member, observer, one;
let mounted = false;
before(async () => {
  folder = await newFolder();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=12m', 'tmpfs', folder], { stdio: 'ignore' });
    mounted = true;
  } catch {
    return;
  }
  server = new Server();
  server.data = join(folder, 'data');
  mkdirSync(server.data, { mode: 0o700 });
  await server.start();
  await server.command('group', 'create', 'wgig', '--name', 'WGIG');
  member = await server.join('wgig', 'Member', 'secretariat');
  observer = await server.join('wgig', 'Observer', 'observer');
  await member.post('/api/groups/wgig/imports', { slug: 'r', markdown: '# Report\n\n## One\n\nBegin\n' });
  [one] = (await member.report('r')).sections.map((section) => section.id);
});
after(async () => {
  await server?.remove();
  if (mounted) execFileSync('umount', ['-l', folder]);
  await rm(folder, { recursive: true, force: true });
});

/** Fills the disk to the last octet. */
async function fill() {
  for (const size of [1 << 20, 1 << 14, 1 << 10, 64, 1]) {
    try {
      for (;;) await appendFile(join(folder, 'filler'), Buffer.alloc(size, 1));
    } catch (error) {
      if (error.code !== 'ENOSPC') throw error;
    }
  }
  return (await statfs(folder)).bavail;
}

/** Also hears what the group is told, as a page does. */
function listen(editor) {
  const heard = [];
  const provider = new HocuspocusProvider({ websocketProvider: editor.socket, name: 'group/wgig', token: 'session', onStateless: ({ payload }) => heard.push({ at: performance.now(), ...JSON.parse(payload) }) });
  provider.attach();
  return { heard, provider };
}

test('writers hear within a second that the disk is full, reading goes on, and saving resumes by itself', async (context) => {
  if (!mounted) return context.skip('no right to mount a tmpfs');
  const editor = await member.open(one).ready();
  const { heard, provider } = listen(editor);
  await until(() => provider.synced, 'the group is attached');
  editor.type(' before');
  await editor.saved();
  await new Promise((done) => setTimeout(done, 3_500)); // so that its revision is made, too
  assert.equal(await fill(), 0);
  let typed = 0;
  const began = performance.now();
  const typing = setInterval(() => editor.type(` full${typed++}${'x'.repeat(400)}`), 20);
  await until(() => heard.some((message) => message.type === 'trouble'), 'a word about the disk', 5_000);
  const trouble = heard.find((message) => message.type === 'trouble');
  // The log has some room of its own: what counts is the time since the first word that was not acknowledged.
  console.log(`# told ${Math.round(trouble.at - began)} ms after the disk was full: ${trouble.message}`);
  assert.ok(trouble.at - began < 1_000);
  assert.match(trouble.message, /^not saved: the server's disk is full/);
  await new Promise((done) => setTimeout(done, 500));
  clearInterval(typing);
  assert.ok(editor.provider.hasUnsyncedChanges, 'nothing is called saved that is not');

  const reader = await observer.open(one).ready();
  const latecomer = listen(reader);
  await until(() => latecomer.heard.some((message) => message.type === 'trouble'), 'a word to who comes now');
  await until(() => reader.words() === editor.words(), 'the reader has the words');
  assert.match((await observer.section('r', one)).canonical, /before/);
  assert.equal((await fetch(`${server.url}/healthz`)).status, 200);
  const checked = await bossey('check', server.data);
  assert.equal(checked.code, 1, checked.stdout);
  assert.match(checked.stderr, /make room/);

  const freed = performance.now();
  await rm(join(folder, 'filler'));
  await editor.saved();
  console.log(`# saved ${Math.round(performance.now() - freed)} ms after there was room`);
  assert.ok(performance.now() - freed < 3_000);
  await until(() => heard.some((message) => message.type === 'recovered'), 'a word that it goes on');
  await server.stop('SIGKILL');
  editor.close();
  reader.close();
  provider.destroy();
  latecomer.provider.destroy();
  await server.start();
  const text = (await member.section('r', one)).canonical;
  for (let i = 0; i < typed; ++i) assert.ok(text.includes(` full${i}x`), `word ${i} of ${typed}`);
  await until(async () => (await server.git('wgig', 'show', `HEAD:reports/r/sections/${one}.md`)) === text, 'git has the words');
});

test('a server that is killed on a full disk, and started there, shows what was acknowledged', async (context) => {
  if (!mounted) return context.skip('no right to mount a tmpfs');
  const editor = await member.open(one).ready();
  editor.type(' kept');
  await editor.saved();
  await fill();
  editor.type(' lost'.repeat(20_000));
  await new Promise((done) => setTimeout(done, 300));
  await server.stop('SIGKILL');
  editor.close();
  await server.start();
  assert.match((await observer.section('r', one)).canonical, / kept/);
  await rm(join(folder, 'filler'));
  const again = await member.open(one).ready();
  again.type(' again');
  await again.saved();
  again.close();
  assert.equal(await server.stop(), 0);
  assert.equal((await bossey('check', server.data)).code, 0);
});
