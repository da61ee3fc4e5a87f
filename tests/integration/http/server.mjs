// A real server on a free port with a data folder of its own; people who are signed in; people who type.
import { HocuspocusProvider, HocuspocusProviderWebsocket } from '@hocuspocus/provider';
import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import WebSocket from 'ws';
import * as Y from 'yjs';

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '../../..');
const binary = process.env.BOSSEY_BINARY ?? join(root, 'build/release/bossey');

export const sharedReport = join(root, '../shared/data/reports/wgig-history.md');
export const newKey = () => randomBytes(12).toString('hex');

export class Server {
  static async make() {
    const server = new Server();
    server.data = await mkdtemp(join(tmpdir(), 'bossey-http-'));
    await server.start();
    return server;
  }

  async start(port = '0', ...more) {
    this.process = spawn(binary, ['serve', '--port', port, '--data', this.data, ...more], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.log = '';
    this.process.stderr.on('data', (chunk) => (this.log += chunk));
    this.url = await new Promise((found, failed) => {
      let printed = '';
      this.process.stdout.on('data', (chunk) => {
        printed += chunk;
        const match = /listening on (\S+)/.exec(printed);
        if (match) found(match[1]);
      });
      this.process.once('exit', (code) => failed(new Error(`the server ended with ${code}: ${this.log}`)));
    });
  }

  /** Ends the process; its exit code, or the signal that killed it. */
  async stop(signal = 'SIGTERM') {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return this.process.exitCode;
    const ended = once(this.process, 'exit');
    this.process.kill(signal);
    const [code, killed] = await ended;
    return code ?? killed;
  }

  async remove() {
    await this.stop();
    await rm(this.data, { recursive: true, force: true });
  }

  /** An operator's command; what it printed. */
  async command(...words) {
    const { stdout } = await run(binary, [...words, '--data', this.data]);
    return stdout;
  }

  repository(group) {
    return join(this.data, 'groups', `${group}.git`);
  }

  /** Stock git on a group's repository. */
  async git(group, ...words) {
    const { stdout } = await run('git', ['-C', this.repository(group), ...words], { maxBuffer: 1 << 26 });
    return stdout;
  }

  /** Adds somebody and signs them in. */
  async join(group, name, role) {
    const added = await this.command('person', 'add', name, '--role', role, '--group', group);
    const id = Number(/Added person (\d+)/.exec(added)[1]);
    const link = (await this.command('person', 'link', String(id), '--group', group)).trim();
    const answer = await fetch(link, { redirect: 'manual' });
    const cookie = /bossey_session=[^;]+/.exec(answer.headers.get('set-cookie') ?? '')?.[0];
    return new Somebody(this, group, id, cookie);
  }
}

export class Somebody {
  constructor(server, group, id, cookie) {
    Object.assign(this, { server, group, id, cookie });
  }

  async call(method, path, body) {
    const headers = { cookie: this.cookie };
    if (method !== 'GET') Object.assign(headers, { 'content-type': 'application/json', 'bossey-request': '1' });
    const answer = await fetch(this.server.url + path, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    const type = answer.headers.get('content-type') ?? '';
    return { status: answer.status, headers: answer.headers, text, json: type.includes('json') ? JSON.parse(text) : null };
  }
  get(path) {
    return this.call('GET', path);
  }
  post(path, body = {}) {
    return this.call('POST', path, { key: newKey(), ...body });
  }

  async report(slug) {
    return (await this.get(`/api/groups/${this.group}/reports/${slug}`)).json;
  }
  async section(slug, id) {
    return (await this.get(`/api/groups/${this.group}/reports/${slug}/sections/${id}`)).json;
  }
  async decide(slug, id, body) {
    return this.post(`/api/groups/${this.group}/reports/${slug}/sections/${id}/decisions`, body);
  }
  async agree(slug, id) {
    const { text_id, content_hash } = await this.section(slug, id);
    return this.decide(slug, id, { kind: 'agree', text_id, content_hash, present: 2, asked_aloud: true });
  }

  /** Opens a section's document over the live channel, as the page does. */
  open(section) {
    return new Editor(this, section);
  }
}

/** A page that holds one section: its Yjs document, and what the server said. */
export class Editor {
  /** `name`: of another document, as that of a proposal. */
  constructor(somebody, section, name = `section/${section}`) {
    this.doc = new Y.Doc();
    this.messages = [];
    const cookie = somebody.cookie;
    class SocketWithCookie extends WebSocket {
      constructor(address, protocols) {
        super(address, protocols, { headers: { cookie } });
      }
    }
    this.socket = new HocuspocusProviderWebsocket({
      url: `${somebody.server.url.replace('http', 'ws')}/sync`,
      WebSocketPolyfill: SocketWithCookie,
    });
    this.provider = new HocuspocusProvider({
      websocketProvider: this.socket,
      name,
      document: this.doc,
      token: 'session',
      onStateless: ({ payload }) => this.messages.push(JSON.parse(payload)),
    });
    this.provider.attach();
  }

  async ready() {
    await until(() => this.provider.synced, 'the document is synced');
    return this;
  }

  /** Types at the end of the last paragraph. */
  type(words) {
    const body = this.doc.getXmlFragment('body');
    const paragraph = body.get(body.length - 1);
    const text = paragraph.get(paragraph.length - 1);
    text.insert(text.length, words);
  }
  async saved() {
    await until(() => !this.provider.hasUnsyncedChanges, 'everything is saved');
  }
  async heard(type) {
    await until(() => this.messages.some((message) => message.type === type), `a message '${type}'`);
    return this.messages.find((message) => message.type === type);
  }
  words() {
    return this.doc.getXmlFragment('body').toString();
  }
  close() {
    this.provider.destroy();
    this.socket.destroy();
  }
}

export async function until(holds, what, patience = 30_000) {
  const deadline = Date.now() + patience;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`still not: ${what}`);
    await new Promise((wake) => setTimeout(wake, 20));
  }
}
