// Whoever misbehaves is closed with a reason; two writers and a reader beside it do not notice.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import * as encoding from 'lib0/encoding';
import { Page, Raw, ScratchServer, same, token, until } from './scratch.mjs';

let server, writers, reader;
before(async () => {
  server = await ScratchServer.make();
  writers = [await new Page(server, 'scratch/quiet').ready(), await new Page(server, 'scratch/quiet').ready()];
  reader = await new Page(server, 'scratch/quiet').ready();
});
after(async () => {
  for (const page of [...writers, reader]) page.close();
  await server.remove();
});

const frame = (name, type, ...writes) => {
  const encoder = encoding.createEncoder();
  encoding.writeVarString(encoder, name);
  encoding.writeVarUint(encoder, type);
  for (const write of writes) write(encoder);
  return encoding.toUint8Array(encoder);
};
const auth = (name) =>
  frame(name, 2, (e) => encoding.writeVarUint(e, 0), (e) => encoding.writeVarString(e, token), (e) => encoding.writeVarString(e, '4.8.0'));
const sync = (name, step, bytes) => frame(name, 0, (e) => encoding.writeVarUint(e, step), (e) => encoding.writeVarUint8Array(e, Uint8Array.from(bytes)));

async function attached(name = 'scratch/bad') {
  const raw = await new Raw(server).open();
  raw.send(auth(name));
  await until(() => raw.frames.length > 0, 'an answer');
  return raw;
}

/** The others still write, read and agree, in good time. */
async function nobodyNoticed() {
  const before = reader.text.length;
  const began = performance.now();
  writers.forEach((page) => page.text.insert(0, 'w'));
  for (const page of writers) await page.saved();
  await until(() => reader.text.length === before + 2 && same(reader, ...writers), 'the others agree');
  assert.ok(performance.now() - began < 5_000);
}

const closing = [
  ['an empty frame', 4400, [[]]],
  ['octets that are no frame', 4400, [[0xff, 0xfe, 0xfd]]],
  ['a truncated frame', 4400, [[0x20, 0x61]]],
  ['a giant varint', 4400, [[1, 0x61, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]]],
  ['an unknown type', 4400, [frame('scratch/bad', 99)]],
  ['a broadcast of servers', 4400, [frame('scratch/bad', 6, (e) => encoding.writeVarString(e, '{}'))]],
  ['invalid UTF-8 in the address', 4400, [[2, 0xc3, 0x28, 3]]],
  ['an update of noise', 4400, [sync('scratch/bad', 2, [1, 2, 3, 4, 5, 6, 7])]],
  ['an update that announces 2^53 structs', 4400, [sync('scratch/bad', 2, [1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f, 1, 0])]],
  ['a state vector of noise', 4400, [sync('scratch/bad', 0, [9, 9])]],
  ['2,000 ghost states', 1009, [frame('scratch/bad', 1, (e) => {
    const inner = encoding.createEncoder();
    encoding.writeVarUint(inner, 2000);
    for (let i = 0; i < 2000; ++i) {
      encoding.writeVarUint(inner, i + 10);
      encoding.writeVarUint(inner, 1);
      encoding.writeVarString(inner, '{}');
    }
    encoding.writeVarUint8Array(e, encoding.toUint8Array(inner));
  })]],
  ...[['5 MB of awareness', 1009, `{"a":"${'x'.repeat(5_000_000)}"}`], ['200,000-deep awareness', 1009, `{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}`], ['deep awareness', 4400, `{"a":${'['.repeat(200)}${']'.repeat(200)}}`], ['awareness that is no JSON', 4400, '{nothing}']].map(
    ([what, code, state]) => [what, code, [frame('scratch/bad', 1, (e) => {
      const inner = encoding.createEncoder();
      encoding.writeVarUint(inner, 1);
      encoding.writeVarUint(inner, 7);
      encoding.writeVarUint(inner, 1);
      encoding.writeVarString(inner, state);
      encoding.writeVarUint8Array(e, encoding.toUint8Array(inner));
    })]],
  ),
];

for (const [what, code, frames] of closing) {
  test(`${what} closes with ${code}`, async () => {
    const raw = await attached();
    for (const bytes of frames) raw.send(bytes);
    const closed = await raw.closed;
    assert.equal(closed.code, code, closed.reason);
    assert.notEqual(closed.reason, '');
    await nobodyNoticed();
  });
}

test('a text message closes with 1003', async () => {
  const raw = await attached();
  raw.send('text');
  assert.equal((await raw.closed).code, 1003);
});

test('a message of 17 MiB closes with 1009', async () => {
  const raw = await attached();
  raw.send(new Uint8Array(17 * 1024 * 1024));
  assert.equal((await raw.closed).code, 1009);
  await nobodyNoticed();
});

test('updates before authentication are bounded', async () => {
  const raw = await new Raw(server).open();
  for (let i = 0; i < 2_000; ++i) raw.send(sync('scratch/bad', 2, [0, 0]));
  assert.equal((await raw.closed).code, 4205);
  await nobodyNoticed();
});

test('3,000 documents on one socket are too many', async () => {
  const raw = await new Raw(server).open();
  for (let i = 0; i < 3_000; ++i) raw.send(auth(`scratch/flood-${i}`));
  assert.equal((await raw.closed).code, 4205);
  await nobodyNoticed();
});

test('3,000 updates without predecessors do no harm', async () => {
  const raw = await attached('scratch/pending');
  for (let i = 0; i < 3_000; ++i) {
    // Client 5, one character at an odd clock: the even ones never come.
    const update = encoding.createEncoder();
    for (const n of [1, 1, 5]) encoding.writeVarUint(update, n);
    encoding.writeVarUint(update, 2 * i + 1);
    encoding.writeUint8(update, 0x84);
    encoding.writeVarUint(update, 5);
    encoding.writeVarUint(update, 2 * i);
    encoding.writeVarString(update, 'x');
    encoding.writeVarUint(update, 0);
    raw.send(sync('scratch/pending', 2, encoding.toUint8Array(update)));
  }
  await nobodyNoticed();
  const page = await new Page(server, 'scratch/pending').ready();
  page.text.insert(0, 'fine');
  await page.saved();
  page.close();
  raw.socket.close();
});

test('path tricks in names are denied', async () => {
  for (const name of ['../etc/passwd', 'scratch/../x', 'scratch//x', 'scratch/\u0001', 'scratch\\x', 'section/none']) {
    const page = new Page(server, name);
    await until(() => page.denied.length > 0, `a denial of ${JSON.stringify(name)}`);
    page.close();
  }
});

test('a reader that never reads is dropped, and the others do not wait for it', async () => {
  const name = 'scratch/slow';
  const writer = await new Page(server, name).ready();
  const slow = await attached(name);
  slow.send(sync(name, 0, [0]));
  await until(() => slow.frames.length >= 3, 'its text');
  slow.socket._socket.pause();
  const before = writer.text.length;
  for (let i = 0; i < 160; ++i) {
    writer.text.insert(0, 'x'.repeat(100_000));
    writer.text.delete(0, 100_000);
    await writer.saved();
  }
  assert.equal(writer.text.length, before);
  slow.socket._socket.resume();
  const closed = await slow.closed;
  assert.ok([1013, 1006].includes(closed.code), String(closed.code));
  writer.close();
  await nobodyNoticed();
});

test('slow upgrades and connections that say nothing leave room for others', async () => {
  const port = Number(server.port);
  const sockets = Array.from({ length: 1_200 }, () => connect(port, '127.0.0.1'));
  for (const socket of sockets) socket.on('error', () => {});
  await Promise.all(sockets.slice(0, 200).map((socket) => once(socket, 'connect')));
  for (const socket of sockets.slice(0, 200)) socket.write('GET /sync HTTP/1.1\r\nHost: x\r\nUpgr');
  await nobodyNoticed();
  const page = await new Page(server, 'scratch/among').ready();
  page.text.insert(0, 'here');
  await page.saved();
  page.close();
  for (const socket of sockets) socket.destroy();
});

test('HTTP garbage is answered or cut', async () => {
  for (const garbage of ['\x16\x03\x01', 'GET / HTTP/1.1\r\n\r\n'.repeat(5), 'POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n', `GET /${'a'.repeat(100_000)} HTTP/1.1\r\n\r\n`, 'BREW /coffee HTCPCP/1.0\r\n\r\n']) {
    const socket = connect(Number(server.port), '127.0.0.1');
    socket.on('error', () => {});
    socket.resume();
    socket.end(garbage);
    await once(socket, 'close');
  }
  await nobodyNoticed();
});

test('a page of another site opens no socket', async () => {
  const raw = new Raw(server, '/sync', { headers: { origin: 'http://evil.example' } });
  await raw.closed;
  assert.match(String(raw.error), /403/);
});
