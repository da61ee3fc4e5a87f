// Every role, every stranger, and every kind of message of the live channel: who is answered what, and what is never sent
// to whom. The routes of HTTP have such a table of their own, tests/server/api/access_test.cpp.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import WebSocket from 'ws';
import * as Y from 'yjs';
import { Server, until } from '../http/server.mjs';

const secrets = ['Unheard', 'Confidential', 'Hidden', 'Chairperson', 'secret-report', 'other-group'];
const writers = ['chair', 'secretariat', 'member', 'writing token'];
const readers = ['observer', 'administrator', 'reading token'];
const outside = ['stranger', 'nobody', 'wrong token', 'token of another group', 'ended session'];
const everybody = [...writers, ...readers, ...outside];

let server, section, base;
/** How each of them comes: cookie of the upgrade, and token of the Auth. */
const comes = {};

before(async () => {
  server = await Server.make();
  await server.command('group', 'create', 'other-group', '--name', 'Hidden Group');
  await server.command('group', 'create', 'elsewhere', '--name', 'Elsewhere');
  const people = {};
  for (const role of ['chair', 'secretariat', 'member', 'observer', 'administrator']) {
    people[role] = await server.join('other-group', role === 'chair' ? 'Chairperson' : `A ${role}`, role);
    comes[role] = { cookie: people[role].cookie, token: 'session' };
  }
  const stranger = await server.join('elsewhere', 'Stranger', 'chair');
  const ended = await server.join('other-group', 'Left', 'member');
  await ended.call('POST', '/api/sign-out', {});
  const tokenOf = async (group, person, ...more) => (await server.command('person', 'token', String(person.id), '--group', group, ...more)).trim();
  comes['writing token'] = { token: await tokenOf('other-group', people.member, '--write') };
  comes['reading token'] = { token: await tokenOf('other-group', people.member) };
  comes['token of another group'] = { token: await tokenOf('elsewhere', stranger, '--write') };
  comes['wrong token'] = { token: 'made-up' };
  comes.stranger = { cookie: stranger.cookie, token: 'session' };
  comes['ended session'] = { cookie: ended.cookie, token: 'session' };
  comes.nobody = { token: 'session' };
  const markdown = '# Unheard Report\n\n## Unheard Title\n\nConfidential words.\n';
  assert.equal((await people.chair.post('/api/groups/other-group/imports', { slug: 'secret-report', markdown })).status, 201);
  section = (await people.chair.report('secret-report')).sections[0].id;
  base = `section/${section}`;
});
after(() => server.remove());

const frame = (name, type, ...writes) => {
  const encoder = encoding.createEncoder();
  encoding.writeVarString(encoder, name);
  encoding.writeVarUint(encoder, type);
  for (const write of writes) write(encoder);
  return encoding.toUint8Array(encoder);
};
const number = (value) => (encoder) => encoding.writeVarUint(encoder, value);
const string = (value) => (encoder) => encoding.writeVarString(encoder, value);
const bytes = (value) => (encoder) => encoding.writeVarUint8Array(encoder, Uint8Array.from(value));

let nextClient = 100;
/** A word in a root of its own, so that the section's words stay as they are. */
function update() {
  const doc = new Y.Doc();
  doc.clientID = ++nextClient;
  doc.getText('margin').insert(0, 'x');
  return Y.encodeStateAsUpdate(doc);
}
function awareness() {
  const encoder = encoding.createEncoder();
  for (const value of [1, ++nextClient, 1]) encoding.writeVarUint(encoder, value);
  encoding.writeVarString(encoder, JSON.stringify({ user: { name: 'Forged', person: 1 } }));
  return encoding.toUint8Array(encoder);
}

/** A bare socket of one of them, with what came back: kinds, and the octets. */
class Line {
  static async open(who) {
    const line = new Line();
    const { cookie } = comes[who];
    line.socket = new WebSocket(`${server.url.replace('http', 'ws')}/sync`, { headers: cookie ? { cookie } : {} });
    line.socket.binaryType = 'nodebuffer';
    line.got = [];
    line.socket.on('message', (octets) => line.got.push({ ...kindOf(octets), octets }));
    line.closed = new Promise((done) => line.socket.on('close', (code, reason) => done({ code, reason: String(reason) })));
    await new Promise((opened, failed) => line.socket.on('open', opened).on('error', failed));
    line.who = who;
    return line;
  }
  auth(name) {
    return this.send(frame(name, 2, number(0), string(comes[this.who].token), string('4.8.0')));
  }
  send(octets) {
    this.socket.send(octets);
    return this;
  }
  /** Until the server has dealt with everything so far: it answers pings in order. */
  async settled() {
    const pongs = () => this.got.filter(({ kind }) => kind === 'pong').length;
    const before = pongs();
    this.send(Uint8Array.of(9));
    await until(() => pongs() > before, 'the pong');
    return this;
  }
  kinds(name) {
    return this.got.filter(({ address }) => address === name).map(({ kind }) => kind);
  }
  async has(name, kind) {
    await until(() => this.kinds(name).includes(kind), `${kind} for ${this.who}`);
  }
  text() {
    return this.got.map(({ octets }) => octets.toString('latin1')).join('\n');
  }
  close() {
    this.socket.terminate();
  }
}

function kindOf(octets) {
  if (octets.length === 1) return { kind: octets[0] === 9 ? 'ping' : 'pong' };
  const decoder = decoding.createDecoder(octets);
  const address = decoding.readVarString(decoder);
  const type = decoding.readVarUint(decoder);
  if (type === 0) return { address, kind: ['step 1', 'step 2', 'update'][decoding.readVarUint(decoder)] };
  if (type === 1) return { address, kind: 'awareness' };
  if (type === 2) {
    const what = decoding.readVarUint(decoder);
    const word = decoding.readVarString(decoder);
    return { address, kind: what === 1 ? 'denied' : word, word };
  }
  if (type === 5) return { address, kind: `stateless ${JSON.parse(decoding.readVarString(decoder)).type}` };
  if (type === 7) return { address, kind: 'close' };
  if (type === 8) return { address, kind: `status ${decoding.readVarInt(decoder)}` };
  return { address, kind: `type ${type}` };
}

/** What comes back to a message of an attached client: for those who write, and for those who read. */
const answers = [
  ['SyncStep1', () => [0, number(0), bytes([0])], 'step 2', 'step 2'],
  ['SyncStep2', () => [0, number(1), bytes(update())], 'status 1', 'status 0'],
  ['Update', () => [0, number(2), bytes(update())], 'status 1', 'status 0'],
  ['an update without news', () => [0, number(2), bytes([0, 0])], 'status 1', 'status 1'],
  ['SyncReply', () => [4, number(2), bytes(update())], 'status 1', 'status 0'],
  ['Awareness', () => [1, bytes(awareness())], 'awareness', 'awareness'],
  ['Stateless hash', () => [5, string('{"type":"hash","content_hash":"00"}')], 'stateless hash', 'stateless hash'],
  ['CLOSE', () => [7], 'close', 'close'],
];

for (const who of [...writers, ...readers])
  test(`each kind of message gets the answer that is due to: ${who}`, async () => {
    for (const [what, message, forWriters, forReaders] of answers) {
      const line = await Line.open(who);
      line.auth(base).send(frame(base, ...message()));
      const due = writers.includes(who) ? forWriters : forReaders;
      await line.has(base, due);
      const other = { 'status 1': 'status 0', 'status 0': 'status 1' }[due];
      await line.settled();
      assert.ok(!line.kinds(base).includes(other), `${what}: ${line.kinds(base)}`);
      assert.ok(line.kinds(base).includes(writers.includes(who) ? 'read-write' : 'readonly'), String(line.kinds(base)));
      line.close();
    }
  });

for (const who of outside)
  test(`every kind of message gets one denial and nothing else for: ${who}`, async () => {
    for (const [what, message] of answers) {
      if (what === 'CLOSE') continue; // answered without knowing anybody
      const line = await Line.open(who);
      for (const name of [base, 'group/other-group', 'section/none', 'group/none']) line.auth(name).send(frame(name, ...message()));
      await line.settled();
      for (const name of [base, 'group/other-group', 'section/none', 'group/none']) {
        await line.has(name, 'denied');
        assert.deepEqual([...new Set(line.kinds(name))], ['denied'], what);
      }
      const words = new Set(line.got.filter(({ kind }) => kind === 'denied').map(({ word }) => word));
      assert.equal(words.size, 1, `what is not there and what is not theirs differ: ${[...words]}`);
      for (const secret of secrets) assert.ok(!line.text().replaceAll('other-group', secret === 'other-group' ? '' : '$&').includes(secret), secret);
      line.close();
    }
  });

test('nobody speaks without Auth, and what servers say closes the socket, whoever says it', async () => {
  for (const who of everybody) {
    const silent = await Line.open(who);
    for (const [, message] of answers.slice(0, 7)) silent.send(frame(base, ...message()));
    await silent.settled();
    assert.deepEqual(silent.kinds(base), [], who);
    silent.close();
    for (const message of [[6, string('{}')], [8, number(1)], [2, number(2), string('read-write')]]) {
      const line = await Line.open(who);
      line.auth(base);
      await line.settled();
      line.send(frame(base, ...message));
      assert.equal((await line.closed).code, 4400, who);
    }
  }
});

test('what members write, who is here and what happens is never sent to anybody outside', async () => {
  const lines = await Promise.all(outside.map((who) => Line.open(who)));
  for (const line of lines) for (const name of [base, 'group/other-group']) line.auth(name).send(frame(name, 0, number(0), bytes([0])));
  const watching = await Line.open('observer');
  watching.auth(base).auth('group/other-group').send(frame(base, 0, number(0), bytes([0])));
  await watching.has(base, 'step 2');
  const chair = await Line.open('chair');
  chair.auth(base).send(frame(base, 0, number(2), bytes(update()))).send(frame(base, 1, bytes(awareness())));
  await chair.has(base, 'status 1');
  await watching.has(base, 'update');
  await watching.has(base, 'awareness');
  assert.ok(watching.text().includes('Chairperson') && !watching.text().includes('Forged'), 'presence has the true name');
  const answer = await fetch(`${server.url}/api/groups/other-group/reports/secret-report/sections/${section}/decisions`, {
    method: 'POST',
    headers: { cookie: comes.chair.cookie, 'content-type': 'application/json', 'bossey-request': '1' },
    body: JSON.stringify({ key: 'k'.repeat(12), kind: 'bracket' }),
  });
  assert.equal(answer.status, 201);
  await watching.has('group/other-group', 'stateless section');
  for (const line of lines) {
    await line.settled();
    for (const name of [base, 'group/other-group']) assert.deepEqual([...new Set(line.kinds(name))], ['denied'], line.who);
    line.close();
  }
  watching.close();
  chair.close();
});

test('nobody writes into the document of events', async () => {
  for (const who of [...writers, ...readers]) {
    const line = await Line.open(who);
    line.auth('group/other-group').send(frame('group/other-group', 0, number(2), bytes(update())));
    await line.has('group/other-group', 'status 0');
    line.close();
  }
});

test('no page, call or error tells strangers a name, a title, a count or a word', async () => {
  const paths = ['', '/reports/secret-report', `/reports/secret-report/sections/${section}`, '/decisions', `/reports/secret-report/sections/${section}/agreed`, `/reports/secret-report/sections/${section}/proposals`, '/reports/secret-report/revisions', `/reports/secret-report/sections/${section}/redline?from=live&to=live`, '/reports/secret-report/redline?from=live&to=live', '/people'].map((rest) => `/api/groups/other-group${rest}`);
  paths.push('/g/other-group/r/secret-report/print', '/g/other-group/r/secret-report/report.md', '/api/me', '/api/groups/none');
  for (const who of outside) {
    const { cookie, token } = comes[who];
    const headers = cookie ? { cookie } : token === 'session' ? {} : { authorization: `Bearer ${token}` };
    for (const path of paths) {
      const answer = await fetch(server.url + path, { headers });
      const body = await answer.text();
      if (path !== '/api/me') assert.ok([401, 404].includes(answer.status), `${who} ${path}: ${answer.status}`);
      for (const secret of secrets) assert.ok(!body.includes(secret), `${who} ${path}: ${secret}`);
    }
  }
});

test('a role that changes is in force on open connections at once, for reading and for writing', async () => {
  const guest = await server.join('other-group', 'Guest', 'member');
  comes.guest = { cookie: guest.cookie, token: 'session' };
  const line = await Line.open('guest');
  line.auth(base).send(frame(base, 0, number(2), bytes(update())));
  await line.has(base, 'status 1');
  await server.command('person', 'role', String(guest.id), 'observer', '--group', 'other-group');
  await line.has(base, 'readonly');
  line.send(frame(base, 0, number(2), bytes(update())));
  await line.has(base, 'status 0');
  const before = line.got.length;
  await server.command('person', 'remove', String(guest.id), '--group', 'other-group');
  const chair = await Line.open('chair');
  chair.auth(base).send(frame(base, 0, number(2), bytes(update())));
  await chair.has(base, 'status 1');
  if (line.socket.readyState === WebSocket.OPEN) await line.settled().catch(() => {});
  const later = line.got.slice(before).map(({ kind }) => kind);
  assert.ok(!later.includes('update') && !later.includes('awareness'), String(later));
  line.close();
  chair.close();
});
