// A stop takes nobody new, also while somebody who does not answer keeps it waiting.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';
import { Page, Raw, ScratchServer, until } from '../sync/scratch.mjs';

/** What comes of a new connection: 'refused', or 'taken'. */
const knock = (port) =>
  new Promise((done) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => done('taken')).on('error', (error) => done(error.code === 'ECONNREFUSED' ? 'refused' : error.code));
    socket.on('connect', () => socket.destroy());
  });

test('from SIGTERM on new connections are refused, open ones are told 1012, and what was typed is there afterwards', async () => {
  const server = await ScratchServer.make();
  try {
    const page = await new Page(server, 'scratch/stop').ready();
    page.text.insert(0, 'typed before the stop');
    await page.saved();
    const codes = [];
    page.socket.on('close', ({ event }) => codes.push(event.code));
    // Never reads again, and so never says that the close has arrived.
    const deaf = await new Raw(server).open();
    deaf.socket._socket.pause();
    assert.equal(await knock(server.port), 'taken');
    const ended = once(server.process, 'exit');
    const began = performance.now();
    server.process.kill('SIGTERM');
    await until(async () => (await knock(server.port)) === 'refused', 'nobody new is taken');
    assert.equal(server.process.exitCode, null, 'it still waits for whoever is deaf');
    assert.equal((await ended)[0], 0);
    await until(() => codes.length > 0, 'the page has read that it is closed');
    assert.equal(codes[0], 1012); // and then, as long as nobody is there, it tries in vain
    const took = performance.now() - began;
    assert.ok(took < 5_000, `${took} ms`);
    deaf.socket.terminate();
    await server.start();
    await until(() => page.provider.synced, 'the page is back');
    page.text.insert(page.text.length, ', and after it');
    await page.saved();
    page.close();
    const fresh = await new Page(server, 'scratch/stop').ready();
    assert.equal(fresh.text.toString(), 'typed before the stop, and after it');
    fresh.close();
  } finally {
    await server.remove();
  }
});
