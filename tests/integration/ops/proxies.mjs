// The examples of docs/operations.md, taken from the page itself, in front of a real server: sign-in, live channel,
// silence, a large import, foreign pages, what the proxy writes down. By hand, where the proxies are installed:
//   node proxies.mjs [nginx] [caddy] [--idle 150]
import { HocuspocusProvider, HocuspocusProviderWebsocket } from '@hocuspocus/provider';
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import WebSocket from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { Server, newKey, until } from '../http/server.mjs';

const { values, positionals } = parseArgs({ allowPositionals: true, options: { idle: { type: 'string', default: '150' } } });
const idle_s = Number(values.idle);
const host = 'drafting.example.org';
const page = await readFile(resolve(import.meta.dirname, '../../../docs/operations.md'), 'utf8');
const example = (mark) => page.split(mark)[1].split('```')[0];
const ports = { nginx: 18443, caddy: 18444 };

/** The settings of a proxy in `folder`: the example, with this machine's places. */
const makers = {
  nginx: async (folder, upstream) => {
    const site = example('```nginx\n')
      .replace('listen 443 ssl', `listen 127.0.0.1:${ports.nginx} ssl`)
      .replace('/etc/ssl/drafting.pem', join(folder, 'cert.pem'))
      .replace('/etc/ssl/private/drafting.key', join(folder, 'key.pem'))
      .replace('/var/log/nginx/bossey.log', join(folder, 'access.log'))
      .replace('127.0.0.1:8480', upstream);
    const whole = `user root; daemon off; pid ${folder}/pid; error_log ${folder}/error.log; events {}\nhttp {\nclient_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy;\n${site}\n}`;
    await writeFile(join(folder, 'nginx.conf'), whole);
    return ['nginx', ['-c', join(folder, 'nginx.conf'), '-e', join(folder, 'error.log')]];
  },
  caddy: async (folder, upstream) => {
    const site = example('Caddy:\n\n```\n')
      .replace(`${host} {`, `${host} {\n\tbind 127.0.0.1\n\ttls ${folder}/cert.pem ${folder}/key.pem\n`)
      .replace('127.0.0.1:8480', upstream);
    await writeFile(join(folder, 'Caddyfile'), `{\n\tadmin off\n\thttp_port 18080\n\thttps_port ${ports.caddy}\n\tauto_https disable_redirects\n}\n${site}`);
    return ['caddy', ['run', '--config', join(folder, 'Caddyfile'), '--adapter', 'caddyfile']];
  },
};

const answers = (port) =>
  new Promise((done) => {
    const socket = connect(port, '127.0.0.1', () => done(true)).on('error', () => done(false));
    socket.on('connect', () => socket.end());
  });

/** A call through the proxy, as a browser makes it. */
function call(port, method, path, { cookie = '', body, origin } = {}) {
  return new Promise((done, failed) => {
    const headers = { host: `${host}:${port}`, cookie };
    if (method !== 'GET') Object.assign(headers, { 'content-type': 'application/json', 'bossey-request': '1', origin: origin ?? `https://${host}:${port}` });
    const asked = request({ host: '127.0.0.1', port, path, method, headers, servername: host, rejectUnauthorized: false }, (answer) => {
      let text = '';
      answer.on('data', (chunk) => (text += chunk)).on('end', () => done({ status: answer.statusCode, headers: answer.headers, text }));
    }).on('error', failed);
    asked.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** A socket as the browser's page opens it. */
const socketOf = (port, cookie, origin = `https://${host}:${port}`) =>
  class extends WebSocket {
    constructor(address, protocols) {
      super(address, protocols, { servername: host, rejectUnauthorized: false, origin, headers: { host: `${host}:${port}`, cookie } });
    }
  };

class Page {
  constructor(port, cookie, section) {
    this.doc = new Y.Doc();
    this.drops = 0;
    this.socket = new HocuspocusProviderWebsocket({ url: `wss://127.0.0.1:${port}/sync`, WebSocketPolyfill: socketOf(port, cookie) });
    this.socket.on('disconnect', () => ++this.drops);
    this.provider = new HocuspocusProvider({ websocketProvider: this.socket, name: `section/${section}`, document: this.doc, token: 'session' });
    this.provider.attach();
  }
  words = () => this.doc.getXmlFragment('body').toString();
  type(words) {
    const paragraph = this.doc.getXmlFragment('body').get(0);
    const text = paragraph.get(paragraph.length - 1);
    text.insert(text.length, words);
  }
  close() {
    this.provider.destroy();
    this.socket.destroy();
  }
}

async function tryOne(name) {
  const port = ports[name];
  const folder = await mkdtemp(join(tmpdir(), `bossey-${name}-`));
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', `/CN=${host}`, '-addext', `subjectAltName=DNS:${host}`, '-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')], { stdio: 'ignore' });
  const server = await Server.make();
  await server.stop();
  const own = String(18_480 + port % 10);
  await server.start(own, '--public-url', `https://${host}:${port}`, '--trusted-proxy', '127.0.0.1');
  const [program, words] = await makers[name](folder, `127.0.0.1:${own}`);
  let said = '';
  const proxy = spawn(program, words, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, HOME: folder, XDG_DATA_HOME: folder } });
  for (const stream of [proxy.stdout, proxy.stderr]) stream.on('data', (chunk) => (said += chunk));
  try {
    await until(() => answers(port), `${name} listens: ${said}`);
    await server.command('group', 'create', 'wgig', '--name', 'WGIG');
    const secrets = [];
    const signIn = async (person, role) => {
      const id = /person (\d+)/.exec(await server.command('person', 'add', person, '--role', role, '--group', 'wgig'))[1];
      const link = (await server.command('person', 'link', id, '--group', 'wgig')).trim();
      assert.ok(link.startsWith(`https://${host}:${port}/sign-in/`), link);
      secrets.push(link.split('/').at(-1));
      const answer = await call(port, 'GET', new URL(link).pathname);
      assert.equal(answer.status, 303);
      assert.match(answer.headers['set-cookie'][0], /; Secure/, 'the cookie is for TLS only');
      const token = (await server.command('person', 'token', id, '--group', 'wgig', '--write')).trim();
      secrets.push(token);
      return { cookie: answer.headers['set-cookie'][0].split(';')[0], token };
    };
    const chair = await signIn('Chair', 'chair');
    const member = await signIn('Member', 'member');
    const imported = (slug, markdown) => call(port, 'POST', '/api/groups/wgig/imports', { cookie: chair.cookie, body: { slug, markdown, key: newKey() } });
    assert.equal((await imported('r', '# R\n\n## One\n\nBegin. \n')).status, 201);
    const large = await imported('large', `# Large\n\n## One\n\n${`${'Words of a sentence. '.repeat(1_000)}\n\n`.repeat(100)}`);
    assert.equal(large.status, 201, large.text);
    const foreign = await call(port, 'POST', '/api/sign-out', { cookie: chair.cookie, body: {}, origin: 'https://evil.example' });
    assert.equal(foreign.status, 403);
    const section = JSON.parse((await call(port, 'GET', '/api/groups/wgig/reports/r', { cookie: member.cookie })).text).sections[0].id;

    const refused = await new Promise((done) => new (socketOf(port, member.cookie, 'https://evil.example'))(`wss://127.0.0.1:${port}/sync`).on('error', done).on('open', () => done('open')));
    assert.match(String(refused), /403/);
    const pages = [new Page(port, chair.cookie, section), new Page(port, member.cookie, section)];
    await until(() => pages.every((one) => one.provider.synced), 'both are synced');
    const plain = new WebsocketProvider(`wss://127.0.0.1:${port}/y`, `section/${section}`, new Y.Doc(), { params: { token: member.token }, WebSocketPolyfill: socketOf(port, ''), disableBc: true });
    await until(() => plain.synced, 'a program with a token is synced');
    let plainDrops = 0;
    plain.on('connection-close', () => ++plainDrops);
    const equal = () => pages.every((one) => one.words() === pages[0].words()) && plain.doc.getXmlFragment('body').toString() === pages[0].words();
    pages[0].type('before the silence ');
    await until(equal, 'everybody has the words');
    console.log(`${name}: signed in, synced, foreign pages refused, 2 MB imported; now ${idle_s} s of silence`);
    await new Promise((done) => setTimeout(done, idle_s * 1000));
    pages[1].type('after the silence ');
    await until(() => equal() && pages[0].words().includes('after the silence') && !pages[1].provider.hasUnsyncedChanges, 'everybody has the words');
    assert.deepEqual([...pages.map((one) => one.drops), plainDrops], [0, 0, 0], 'no connection was cut');
    const written = said + (await readFile(join(folder, 'access.log'), 'utf8').catch(() => '')) + (await readFile(join(folder, 'error.log'), 'utf8').catch(() => ''));
    for (const secret of secrets) assert.ok(!written.includes(secret), 'no secret is in the logs of the proxy');
    plain.destroy();
    plain.doc.destroy();
    pages.forEach((one) => one.close());
    console.log(`${name}: no connection was cut, no secret is in its logs`);
  } catch (error) {
    console.log(said.slice(-2_000));
    throw error;
  } finally {
    proxy.kill();
    await server.remove();
    await rm(folder, { recursive: true, force: true });
  }
}

for (const name of positionals.length > 0 ? positionals : ['nginx', 'caddy']) await tryOne(name);
process.exit(0);
