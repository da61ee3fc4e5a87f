// The real y-websocket against the server.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Page, PlainPage, Raw, ScratchServer, same, until } from './scratch.mjs';

let server;
before(async () => {
  server = await ScratchServer.make();
});
after(() => server.remove());

test('y-websocket and hocuspocus pages edit one document', async () => {
  const plain = await new PlainPage(server, 'scratch/both').ready();
  const page = await new Page(server, 'scratch/both').ready();
  for (let i = 0; i < 50; ++i) {
    plain.text.insert(0, 'p');
    page.text.insert(0, 'h');
  }
  await page.saved();
  await until(() => plain.text.length === 100 && same(plain, page), 'both have all words');
  plain.close();
  page.close();
});

test('what was typed offline arrives after reconnecting, and survives kill -9', async () => {
  const one = await new PlainPage(server, 'scratch/plain').ready();
  const two = await new PlainPage(server, 'scratch/plain').ready();
  one.text.insert(0, 'one');
  await until(() => two.text.toString() === 'one', 'the other has it');
  await server.stop('SIGKILL');
  one.text.insert(3, ' two');
  await server.start();
  await until(() => two.text.toString() === 'one two', 'it arrives');
  one.close();
  two.close();
});

test('presence is seen across both framings', async () => {
  const plain = await new PlainPage(server, 'scratch/who').ready();
  const page = await new Page(server, 'scratch/who').ready();
  plain.provider.awareness.setLocalStateField('user', { name: 'Plain' });
  const seen = () => [...page.provider.awareness.getStates().values()].map((state) => state.user?.name);
  await until(() => seen().includes('Plain'), 'the name');
  plain.close();
  await until(() => !seen().includes('Plain'), 'gone');
  page.close();
});

test('a wrong token closes with 4401, an unknown document with 4403, a token in the header counts', async () => {
  const wrong = await new Raw(server, '/y/scratch/a?token=no').open();
  assert.equal((await wrong.closed).code, 4401);
  const unknown = await new Raw(server, '/y/nothing/a?token=T').open();
  assert.ok([4401, 4403].includes((await unknown.closed).code));
  const header = await new Raw(server, '/y/scratch/a', { headers: { authorization: 'Bearer T' } }).open();
  await until(() => header.frames.length > 0, 'a first step');
  assert.deepEqual([...header.frames[0].subarray(0, 2)], [0, 0]);
  header.socket.close();
});
