// Roles, sessions and tokens: what changes takes effect at once, also on connections that are open.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import WebSocket from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { Server, until } from './server.mjs';

let server, admin, chair, section;
before(async () => {
  server = await Server.make();
  await server.command('group', 'create', 'wgig', '--name', 'WGIG');
  admin = await server.join('wgig', 'Admin', 'administrator');
  chair = await server.join('wgig', 'Chair', 'chair');
  const markdown = '# Report\n\n## One\n\nBegin\n';
  assert.equal((await chair.post('/api/groups/wgig/imports', { slug: 'r', markdown })).status, 201);
  section = (await chair.report('r')).sections[0].id;
});
after(() => server.remove());

const canonical = async () => (await chair.section('r', section)).canonical;

test('a member made observer keeps reading, and cannot write any more on the open connection', async () => {
  const member = await server.join('wgig', 'Member', 'member');
  const editor = await member.open(section).ready();
  editor.type(' allowed');
  await editor.saved();
  assert.equal((await admin.call('PATCH', `/api/groups/wgig/people/${member.id}`, { role: 'observer' })).status, 204);
  await until(() => editor.provider.authorizedScope === 'readonly', 'the page knows that it only reads');
  editor.type(' forbidden');
  const reader = await chair.open(section).ready();
  reader.type(' later');
  await until(() => /later/.test(editor.words()), 'the observer reads on');
  assert.doesNotMatch(await canonical(), /forbidden/);
  assert.match(await canonical(), /allowed/);
  reader.close();
  editor.close();
});

test('who is removed, or whose sessions are ended, is off the line at once', async () => {
  for (const [method, path] of [
    ['DELETE', ''],
    ['DELETE', '/sessions'],
  ]) {
    const member = await server.join('wgig', 'Member', 'member');
    const editor = await member.open(section).ready();
    let closed = false;
    editor.socket.on('close', () => (closed = true));
    assert.equal((await admin.call(method, `/api/groups/wgig/people/${member.id}${path}`)).status, 204);
    await until(() => closed, 'the socket is closed');
    assert.equal((await member.get('/api/me')).status, 401);
    editor.close();
  }
});

test('signing out ends the access of that session, and of no other', async () => {
  const member = await server.join('wgig', 'Member', 'member');
  const link = (await server.command('person', 'link', String(member.id), '--group', 'wgig')).trim();
  const answer = await fetch(link, { redirect: 'manual' });
  const elsewhere = Object.assign(Object.create(Object.getPrototypeOf(member)), member, {
    cookie: /bossey_session=[^;]+/.exec(answer.headers.get('set-cookie'))[0],
  });
  const here = await member.open(section).ready();
  const there = await elsewhere.open(section).ready();
  let refused = false;
  here.provider.on('authenticationFailed', () => (refused = true));
  here.socket.on('close', () => (refused = true));
  assert.equal((await member.post('/api/sign-out')).status, 204);
  await until(() => refused, 'the signed-out page is refused');
  there.type(' still here');
  await there.saved();
  assert.match(await canonical(), /still here/);
  here.close();
  there.close();
});

test('an API token reads or writes by y-websocket as it was made for, and not after it was ended', async () => {
  const member = await server.join('wgig', 'Member', 'member');
  const command = (...words) => server.command('person', ...words, '--group', 'wgig');
  const write = (await command('token', String(member.id), '--write')).trim();
  const read = (await command('token', String(member.id))).trim();
  const open = (token) =>
    new WebsocketProvider(`${server.url.replace('http', 'ws')}/y/section`, section, new Y.Doc(), {
      WebSocketPolyfill: WebSocket,
      params: { token },
      disableBc: true,
    });
  const writer = open(write);
  const reader = open(read);
  await until(() => writer.synced && reader.synced, 'both are synced');
  writer.doc.getXmlFragment('body').get(0).get(0).insert(0, 'By program. ');
  await until(() => /By program/.test(reader.doc.getXmlFragment('body').toString()), 'the reader sees it');
  reader.doc.getXmlFragment('body').get(0).get(0).insert(0, 'Never. ');
  writer.doc.getXmlFragment('body').get(0).get(0).insert(0, 'Second. ');
  await until(async () => /Second/.test(await canonical()), 'the second edit is there');
  assert.doesNotMatch(await canonical(), /Never/);
  const me = await fetch(`${server.url}/api/groups/wgig`, { headers: { authorization: `Bearer ${write}` } });
  assert.equal((await me.json()).role, 'member');
  let closed = false;
  writer.on('connection-close', () => (closed = true));
  const listed = await command('list');
  const id = new RegExp(`^ +${member.id} .*?token (\\d+)`, 'm').exec(listed)[1];
  await command('untoken', String(member.id), id);
  await until(() => closed, 'the ended token is off the line');
  writer.destroy();
  reader.destroy();
});

test('secrets and names stay out of the log and out of git', async () => {
  assert.doesNotMatch(server.log, /Member|Chair|Admin|sign-in|token=/);
  const everything = await server.git('wgig', 'log', '-p', '--format=raw');
  assert.doesNotMatch(everything, /Member|Chair,|Admin/);
});
