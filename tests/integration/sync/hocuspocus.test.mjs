// The real @hocuspocus/provider against the server.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as Y from 'yjs';
import { Page, ScratchServer, same, until } from './scratch.mjs';

let server;
before(async () => {
  server = await ScratchServer.make();
});
after(() => server.remove());

test('two pages that type at one place keep all words and agree', async () => {
  const one = await new Page(server, 'scratch/two').ready();
  const two = await new Page(server, 'scratch/two').ready();
  for (let i = 0; i < 100; ++i) {
    one.text.insert(0, 'a');
    two.text.insert(0, 'b');
  }
  await one.saved();
  await two.saved();
  await until(() => one.text.length === 200 && same(one, two), 'both have all words');
  assert.equal(one.text.toString().replaceAll('a', '').length, 100);
  one.close();
  two.close();
});

test('text, maps, arrays and XML with formatting converge', async () => {
  const one = await new Page(server, 'scratch/types').ready();
  const two = await new Page(server, 'scratch/types').ready();
  one.doc.transact(() => {
    const paragraph = new Y.XmlElement('paragraph');
    paragraph.insert(0, [new Y.XmlText('Norms and values')]);
    one.doc.getXmlFragment('body').insert(0, [paragraph]);
    one.doc.getMap('m').set('k', { deep: [1, 2.5, null, true, 'é'] });
    one.doc.getArray('l').push([1, new Uint8Array([1, 2, 3]), 'three']);
    one.text.insert(0, 'bold', { strong: true });
  });
  await one.saved();
  await until(() => two.doc.getXmlFragment('body').length === 1, 'the other has it');
  two.doc.getXmlFragment('body').get(0).get(0).format(0, 5, { em: true });
  two.text.format(0, 4, { strong: null });
  await two.saved();
  const words = () => [one, two].map((p) => JSON.stringify([p.doc.getXmlFragment('body').toString(), p.doc.getMap('m'), p.doc.getArray('l'), p.text.toDelta()]));
  await until(() => words()[0] === words()[1], 'both are the same');
  assert.match(words()[0], /<em>Norms<\/em> and values/);
  one.close();
  two.close();
});

test('many documents share one socket, with and without session ids', async () => {
  for (const sessionAwareness of [false, true]) {
    const socket = server.socket();
    const pages = Array.from({ length: 120 }, (_, i) => new Page(server, `scratch/many-${i}`, { socket, sessionAwareness }));
    await Promise.all(pages.map((page) => page.ready()));
    for (const page of pages) page.text.insert(0, 'x');
    await Promise.all(pages.map((page) => page.saved()));
    for (const page of pages) page.close();
    socket.destroy();
  }
});

test('two sessions of one document on one socket are two clients', async () => {
  const socket = server.socket();
  const [one, two] = [1, 2].map(() => new Page(server, 'scratch/sessions', { socket, sessionAwareness: true }));
  await one.ready();
  await two.ready();
  one.text.insert(0, 'one');
  await until(() => two.text.toString() === 'one', 'the other has it');
  one.close();
  two.text.insert(3, ' two');
  await two.saved();
  two.close();
  socket.destroy();
});

test('a wrong token is denied with a reason', async () => {
  const page = new Page(server, 'scratch/a', { token: 'wrong' });
  await until(() => page.denied.length > 0, 'a denial');
  assert.match(page.denied[0], /does not open scratch documents/);
  assert.equal(page.provider.synced, false);
  page.close();
});

test('what the provider counts as unsaved goes to zero, also after offline edits, and "saved" is told', async () => {
  const page = await new Page(server, 'scratch/saved').ready();
  page.text.insert(0, 'online');
  await page.saved();
  page.socket.disconnect();
  await until(() => page.socket.status === 'disconnected', 'offline');
  page.text.insert(6, ' offline');
  page.text.insert(14, ' more');
  assert.ok(page.provider.hasUnsyncedChanges);
  page.socket.connect();
  await page.saved();
  const other = await new Page(server, 'scratch/saved').ready();
  assert.equal(other.text.toString(), 'online offline more');
  await until(() => page.messages.some((m) => m.type === 'saved' && m.seq > 0), 'a saved message');
  page.close();
  other.close();
});

test('presence comes, changes and goes with the socket', async () => {
  const one = await new Page(server, 'scratch/presence').ready();
  const two = await new Page(server, 'scratch/presence').ready();
  one.provider.setAwarenessField('user', { name: 'One' });
  const seen = () => [...two.provider.awareness.getStates().values()].map((state) => state.user?.name);
  await until(() => seen().includes('One'), 'the name');
  one.close();
  await until(() => !seen().includes('One'), 'gone');
  two.close();
});

test('words acknowledged before kill -9 are there afterwards, and pages go on by themselves', async () => {
  const one = await new Page(server, 'scratch/crash').ready();
  const two = await new Page(server, 'scratch/crash').ready();
  for (let i = 0; i < 50; ++i) one.text.insert(one.text.length, ` word${i}`);
  await one.saved();
  await server.stop('SIGKILL');
  two.text.insert(0, 'offline ');
  await server.start();
  await two.saved();
  await until(() => same(one, two), 'both agree');
  const late = await new Page(server, 'scratch/crash').ready();
  assert.equal(late.text.toString(), `offline ${Array.from({ length: 50 }, (_, i) => ` word${i}`).join('')}`);
  for (const page of [one, two, late]) page.close();
});

test('SIGTERM ends with 0 within five seconds while pages are connected, and nothing is lost', async () => {
  const page = await new Page(server, 'scratch/term').ready();
  page.text.insert(0, 'kept');
  await page.saved();
  const began = performance.now();
  assert.equal(await server.stop('SIGTERM'), 0);
  assert.ok(performance.now() - began < 5_000);
  await server.start();
  const other = await new Page(server, 'scratch/term').ready();
  assert.equal(other.text.toString(), 'kept');
  page.close();
  other.close();
});
