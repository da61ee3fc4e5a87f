// Whoever misbehaves is closed with a reason; two writers and three readers beside it, busy all the time, do not notice.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import * as encoding from 'lib0/encoding';
import { Beside } from './beside.mjs';
import { Page, Raw, ScratchServer, same, token, until } from './scratch.mjs';

let server, beside;
before(async () => {
  server = await ScratchServer.make();
  beside = await Beside.make(server);
});
after(async () => {
  beside.close();
  await server.remove();
});

/** A test with the five beside it. What they noticed is printed; `scripts/bench abuse` makes a table of it. */
const abuse = (what, work) =>
  test(what, async (t) => {
    const { p50, p99, most, words } = await beside.during(() => work(t));
    t.diagnostic(`beside it: p50 ${p50} ms, p99 ${p99} ms, most ${most} ms of ${words} words`);
  });

abuse('nothing at all, to compare with', () => new Promise((done) => setTimeout(done, 2_000)));

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
  abuse(`${what} closes with ${code}`, async () => {
    const raw = await attached();
    for (const bytes of frames) raw.send(bytes);
    const closed = await raw.closed;
    assert.equal(closed.code, code, closed.reason);
    assert.notEqual(closed.reason, '');
  });
}

abuse('random frames, and whole ones with random changes, close or do nothing', async (t) => {
  const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31);
  t.diagnostic(`SEED=${seed}`);
  let state = seed >>> 0 || 1;
  const random = (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const whole = [auth('scratch/bad'), sync('scratch/bad', 0, [0]), sync('scratch/bad', 2, [0, 0]), frame('scratch/bad', 3), frame('scratch/bad', 7)];
  for (let round = 0; round < 40; ++round) {
    const raw = await attached();
    for (let i = 0; i < 25 && raw.socket.readyState === 1; ++i) {
      let bytes;
      if (random(2) === 0) {
        bytes = Uint8Array.from({ length: random(200) }, () => random(256));
      } else {
        bytes = Uint8Array.from(whole[random(whole.length)]);
        bytes[random(bytes.length)] = random(256);
        bytes = bytes.subarray(0, bytes.length - random(3));
      }
      raw.send(bytes);
    }
    raw.socket.close();
    const closed = await raw.closed;
    assert.ok([1005, 1009, 4400, 4205].includes(closed.code), `${closed.code} ${closed.reason}`);
  }
});

for (const [what, code, octets] of [['nothing', 4400, []], ['noise', 4400, [0xff, 0xfe]], ['a giant varint', 4400, [0, 2, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]], ['an unknown type', 4400, [77]], ['a truncated update', 4400, [0, 2, 9, 1]], ['a denial', 4400, [2, 0, 1, 0x61]], ['an update of noise', 4400, [0, 2, 3, 7, 7, 7]]]) {
  abuse(`${what} in the framing of y-websocket closes with ${code}`, async () => {
    const raw = await new Raw(server, `/y/scratch/bad?token=${token}`).open();
    await until(() => raw.frames.length > 0, 'its step 1');
    raw.send(octets);
    const closed = await raw.closed;
    assert.equal(closed.code, code, closed.reason);
    assert.notEqual(closed.reason, '');
  });
}

/** Octets below the frames of the library. */
const below = [
  ['an unmasked frame', 1002, [0x82, 0x01, 0x09]],
  ['a reserved bit', 1002, [0xc2, 0x81, 0, 0, 0, 0, 0x09]],
  ['a reserved opcode', 1002, [0x83, 0x81, 0, 0, 0, 0, 0x09]],
  ['a control frame in fragments', 1002, [0x09, 0x80, 0, 0, 0, 0]],
  ['a ping of 126 octets', 1002, [0x89, 0xfe, 0, 126, 0, 0, 0, 0]],
  ['a continuation of nothing', 1002, [0x80, 0x81, 0, 0, 0, 0, 0x09]],
  ['a close with half a code', 1002, [0x88, 0x81, 0, 0, 0, 0, 0x03]],
];
for (const [what, code, octets] of below) {
  abuse(`${what} closes with ${code}`, async () => {
    const raw = await attached();
    raw.socket._socket.write(Uint8Array.from(octets));
    assert.equal((await raw.closed).code, code);
  });
}

abuse('a text message closes with 1003', async () => {
  const raw = await attached();
  raw.send('text');
  assert.equal((await raw.closed).code, 1003);
});

abuse('a message of 100 MiB closes with 1009', async () => {
  const raw = await attached();
  raw.send(new Uint8Array(100 * 1024 * 1024));
  assert.equal((await raw.closed).code, 1009);
});

abuse('frames that announce 2 GiB cost what comes of them, and close with 1009', async () => {
  const announced = Uint8Array.from([0x82, 0xff, 0, 0, 0, 0, 0x80, 0, 0, 0, 1, 2, 3, 4]);
  const silent = await Promise.all(Array.from({ length: 50 }, () => attached()));
  const before = await server.metric('resident_bytes');
  for (const raw of silent) raw.socket._socket.write(announced);
  const talking = await attached();
  talking.socket._socket.write(announced);
  for (let i = 0; i < 20; ++i) talking.socket._socket.write(new Uint8Array(1024 * 1024));
  assert.equal((await talking.closed).code, 1009);
  assert.ok((await server.metric('resident_bytes')) < before + 64 * 1024 * 1024);
  for (const raw of silent) raw.socket.terminate();
});

abuse('a message in 20,000 fragments is one message', async () => {
  const raw = await attached();
  const before = raw.frames.length;
  raw.socket.send(Uint8Array.of(9), { fin: false });
  for (let i = 0; i < 19_998; ++i) raw.socket.send(new Uint8Array(0), { fin: false });
  raw.socket.send(new Uint8Array(0), { fin: true });
  await until(() => raw.frames.slice(before).some((one) => one.length === 1 && one[0] === 10), 'the pong');
  raw.socket.close();
});

abuse('updates before authentication are bounded', async () => {
  const raw = await new Raw(server).open();
  for (let i = 0; i < 2_000; ++i) raw.send(sync('scratch/bad', 2, [0, 0]));
  assert.equal((await raw.closed).code, 4205);
});

abuse('6 MiB of updates before authentication are bounded', async () => {
  const raw = await new Raw(server).open();
  for (let i = 0; i < 6; ++i) raw.send(sync('scratch/bad', 2, new Uint8Array(1024 * 1024)));
  assert.equal((await raw.closed).code, 4205);
});

abuse('updates with a wrong token change nothing', async () => {
  const page = await new Page(server, 'scratch/guarded').ready();
  const raw = await new Raw(server).open();
  raw.send(frame('scratch/guarded', 2, (e) => encoding.writeVarUint(e, 0), (e) => encoding.writeVarString(e, 'wrong'), (e) => encoding.writeVarString(e, '4.8.0')));
  raw.send(sync('scratch/guarded', 2, [1, 1, 5, 0, 4, 1, 1, 0x74, 1, 0x78, 0]));
  await until(() => raw.frames.length > 0, 'the denial');
  page.text.insert(0, 'mine');
  await page.saved();
  assert.equal(page.text.toString(), 'mine');
  raw.socket.close();
  page.close();
});

abuse('3,000 documents on one socket are too many', async () => {
  const raw = await new Raw(server).open();
  for (let i = 0; i < 3_000; ++i) raw.send(auth(`scratch/flood-${i}`));
  assert.equal((await raw.closed).code, 4205);
});

abuse('3,000 updates without predecessors close with 4205, and the document goes on', async () => {
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
  assert.equal((await raw.closed).code, 4205);
  const page = await new Page(server, 'scratch/pending').ready();
  page.text.insert(0, 'fine');
  await page.saved();
  page.close();
});

abuse('path tricks in names are denied', async () => {
  for (const name of ['../etc/passwd', 'scratch/../x', 'scratch//x', 'scratch/\u0001', 'scratch\\x', 'section/none', `scratch/${'x'.repeat(300)}`, '/scratch/x', 'scratch/x/']) {
    const page = new Page(server, name);
    await until(() => page.denied.length > 0, `a denial of ${JSON.stringify(name)}`);
    page.close();
  }
  for (const path of ['/y/..%2f..%2fetc%2fpasswd', '/y/scratch/%2e%2e/x', '/y/', '/y', '/y/scratch%00x', '/sync/../y/x']) {
    const raw = new Raw(server, `${path}?token=${token}`);
    // A client that makes the path plain by itself asks for a document that is not there.
    const { code } = await raw.closed;
    assert.ok([4401, 4403].includes(code) || /40[0134]/.test(String(raw.error)), `${path}: ${code} ${raw.error}`);
  }
});

abuse('a reader that never reads costs a bounded queue, is dropped, and has every word when it returns', async () => {
  const name = 'scratch/slow';
  const writer = await new Page(server, name).ready();
  const slow = await new Page(server, name).ready();
  let drops = 0;
  slow.socket.on('disconnect', () => ++drops);
  slow.socket.webSocket._socket.pause();
  let largest = 0;
  const overflowed = () => server.metric('messages_rejected_total{reason="slow_reader"}');
  const before = await overflowed();
  for (let i = 0; (await overflowed()) === before; ++i) {
    assert.ok(i < 500, 'the reader is dropped');
    writer.text.insert(0, `${i} ${'x'.repeat(100_000)}`);
    writer.text.delete(10, 100_000 - 20);
    await writer.saved();
    largest = Math.max(largest, await server.metric('outbound_queue_largest_bytes'));
  }
  assert.ok(largest <= 1024 * 1024, String(largest));
  slow.socket.webSocket._socket.resume();
  await until(() => drops > 0 && slow.provider.synced && same(writer, slow), 'it has every word');
  slow.close();
  writer.close();
});

abuse('200 slow upgrades leave room for others', async () => {
  const port = Number(server.port);
  const sockets = Array.from({ length: 200 }, () => connect(port, '127.0.0.1'));
  for (const socket of sockets) socket.on('error', () => {});
  await Promise.all(sockets.map((socket) => once(socket, 'connect')));
  for (const word of ['GET /sync HTTP/1.1\r\n', 'Host: x\r\n', 'Upgr']) for (const socket of sockets) socket.write(word);
  const page = await new Page(server, 'scratch/among').ready();
  page.text.insert(0, 'here');
  await page.saved();
  page.close();
  for (const socket of sockets) socket.destroy();
});

abuse('1,000 connections without upgrade leave room for others', async () => {
  const port = Number(server.port);
  const sockets = Array.from({ length: 1_200 }, () => connect(port, '127.0.0.1'));
  for (const socket of sockets) socket.on('error', () => {});
  const page = await new Page(server, 'scratch/among').ready();
  page.text.insert(0, 'here');
  await page.saved();
  page.close();
  for (const socket of sockets) socket.destroy();
});

abuse('HTTP garbage is answered or cut', async () => {
  for (const garbage of ['\x16\x03\x01', 'GET / HTTP/1.1\r\n\r\n'.repeat(5), 'POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n', `GET /${'a'.repeat(100_000)} HTTP/1.1\r\n\r\n`, 'BREW /coffee HTCPCP/1.0\r\n\r\n', 'GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', '\0'.repeat(5_000), `GET / HTTP/1.1\r\n${'a: b\r\n'.repeat(10_000)}\r\n`]) {
    const socket = connect(Number(server.port), '127.0.0.1');
    socket.on('error', () => {});
    socket.resume();
    socket.end(garbage);
    await once(socket, 'close');
  }
});

abuse('a page of another site opens no socket', async () => {
  const raw = new Raw(server, '/sync', { headers: { origin: 'http://evil.example' } });
  await raw.closed;
  assert.match(String(raw.error), /403/);
});

test('what was attacked is whole, and /metrics has counted it', async () => {
  for (const name of ['scratch/bad', 'scratch/pending', 'scratch/guarded']) {
    const page = await new Page(server, name).ready();
    page.text.insert(0, 'whole ');
    await page.saved();
    page.close();
  }
  assert.ok((await server.metric('messages_rejected_total{reason="malformed"}')) > 0);
  assert.ok((await server.metric('sockets_closed_total{reason="too_big"}')) > 0);
  assert.equal(await server.stop(), 0);
});
