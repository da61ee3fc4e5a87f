// TLS by certificate files: pages, cookies and sockets; a new certificate without a restart; and who is believed.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { after, test } from 'node:test';
import WebSocket from 'ws';
import { Server } from './tls-server.mjs';

const folder = await mkdtemp(join(tmpdir(), 'bossey-tls-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const certificate = join(folder, 'server.crt');
const key = join(folder, 'server.key');
const make = (name) =>
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`, '-keyout', key, '-out', certificate], { stdio: 'ignore' });

const ask = (server, path, headers = {}) =>
  new Promise((done, failed) => {
    get({ port: server.port, path, headers, ca: readFileSync(certificate), servername: server.name, agent: false }, (answer) => {
      answer.resume();
      answer.on('end', () => done(answer));
    }).on('error', failed);
  });

test('pages, cookies and sockets work over TLS, and a new certificate needs no restart', async () => {
  make('one.test');
  const server = await Server.start(join(folder, 'data'), ['--tls-cert', certificate, '--tls-key', key]);
  try {
    server.name = 'one.test';
    assert.match(server.url, /^https:/);
    server.command('group', 'create', 'wgig', '--name', 'WGIG');
    server.command('person', 'add', 'Somebody', '--role', 'member', '--group', 'wgig');
    const link = server.command('person', 'link', '1', '--group', 'wgig').trim();
    assert.match(link, /^https:/);
    const signedIn = await ask(server, new URL(link).pathname);
    assert.equal(signedIn.statusCode, 303);
    const cookie = signedIn.headers['set-cookie'][0];
    for (const word of ['HttpOnly', 'SameSite=Lax', 'Secure']) assert.ok(cookie.includes(word), cookie);
    const me = await ask(server, '/api/me', { cookie: cookie.split(';')[0] });
    assert.equal(me.statusCode, 200);

    const socket = new WebSocket(`wss://127.0.0.1:${server.port}/sync`, { ca: readFileSync(certificate), servername: 'one.test' });
    await new Promise((opened, failed) => socket.on('open', opened).on('error', failed));
    const pong = new Promise((done) => socket.on('message', (frame) => frame.length === 1 && frame[0] === 10 && done()));
    socket.send(Uint8Array.of(9));
    await pong;

    make('two.test');
    server.process.kill('SIGHUP');
    await server.logged('certificate_reloaded');
    server.name = 'two.test';
    assert.equal((await ask(server, '/healthz')).statusCode, 200);
    // The socket of before goes on.
    const second = new Promise((done) => socket.once('message', done));
    socket.send(Uint8Array.of(9));
    await second;
    socket.close();
  } finally {
    assert.equal(await server.stop(), 0);
  }
  assert.ok(!server.log.includes('Somebody'));
});

test('only HTTP/1.1 is agreed on, and old TLS is refused', async () => {
  make('one.test');
  const server = await Server.start(join(folder, 'data-2'), ['--tls-cert', certificate, '--tls-key', key]);
  const shake = (options) =>
    new Promise((done) => {
      const socket = connect({ port: server.port, host: '127.0.0.1', servername: 'one.test', ca: readFileSync(certificate), ...options });
      socket.on('secureConnect', () => done(socket.alpnProtocol || socket.getProtocol()) || socket.destroy());
      socket.on('error', (error) => done(error));
    });
  try {
    assert.equal(await shake({ ALPNProtocols: ['h2', 'http/1.1'] }), 'http/1.1');
    assert.ok((await shake({ ALPNProtocols: ['h2'] })) instanceof Error);
    assert.ok((await shake({ minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' })) instanceof Error);
    assert.equal(await shake({ maxVersion: 'TLSv1.2' }), 'TLSv1.2');
  } finally {
    await server.stop();
  }
});

test('without TLS a cookie is Secure only if a trusted proxy says so', async () => {
  for (const trusted of [true, false]) {
    const server = await Server.start(join(folder, `data-${trusted}`), trusted ? ['--trusted-proxy', '127.0.0.1'] : []);
    try {
      server.command('group', 'create', 'wgig', '--name', 'WGIG');
      server.command('person', 'add', 'Somebody', '--role', 'member', '--group', 'wgig');
      const link = new URL(server.command('person', 'link', '1', '--group', 'wgig').trim());
      const answer = await fetch(link, { redirect: 'manual', headers: { 'x-forwarded-proto': 'https', 'x-forwarded-for': '192.0.2.1' } });
      assert.equal(answer.headers.get('set-cookie').includes('Secure'), trusted);
    } finally {
      await server.stop();
    }
  }
});

test('half a pair of files is refused, and a wrong pair is one clear sentence', async () => {
  make('one.test');
  await assert.rejects(Server.start(join(folder, 'data-3'), ['--tls-cert', certificate]), /ended with 2/);
  await assert.rejects(Server.start(join(folder, 'data-3'), ['--tls-cert', certificate, '--tls-key', certificate]), /Cannot use the key/);
});
