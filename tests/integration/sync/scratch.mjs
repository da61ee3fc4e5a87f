// A server with scratch documents, real providers on it, and plain sockets for what no provider would send.
import { HocuspocusProvider, HocuspocusProviderWebsocket } from '@hocuspocus/provider';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import WebSocket from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';

const binary = process.env.BOSSEY_BINARY ?? resolve(import.meta.dirname, '../../..', 'build/release/bossey');
export const token = 'T';

export class ScratchServer {
  static async make() {
    const server = new ScratchServer();
    server.data = await mkdtemp(join(tmpdir(), 'bossey-sync-'));
    server.port = '0';
    await server.start();
    return server;
  }

  async start() {
    const words = ['serve', '--port', this.port, '--data', this.data, '--scratch', '--token', token, '--metrics-port', '0'];
    this.process = spawn(binary, words, { stdio: ['ignore', 'pipe', 'pipe'] });
    let log = '';
    this.process.stderr.on('data', (chunk) => (log += chunk));
    const url = await new Promise((found, failed) => {
      let printed = '';
      this.process.stdout.on('data', (chunk) => {
        printed += chunk;
        this.metricsUrl = /metrics on (\S+)/.exec(printed)?.[1];
        const match = /listening on (\S+)/.exec(printed);
        if (match) found(match[1]);
      });
      this.process.once('exit', (code) => failed(new Error(`the server ended with ${code}: ${log}`)));
    });
    this.http = url;
    this.url = url.replace('http', 'ws');
    this.port = new URL(url).port;
  }

  /** One number of /metrics, by its name without the prefix. */
  async metric(name) {
    const text = await (await fetch(this.metricsUrl)).text();
    const line = text.split('\n').find((one) => one.startsWith(`bossey_${name} `));
    return Number(line.split(' ')[1]);
  }

  async stop(signal = 'SIGTERM') {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return this.process.exitCode;
    const ended = once(this.process, 'exit');
    this.process.kill(signal);
    const [code, killed] = await ended;
    return code ?? killed;
  }

  async remove() {
    await this.stop('SIGKILL');
    await rm(this.data, { recursive: true, force: true });
  }

  /** A socket of the provider's, for several documents. */
  socket() {
    return new HocuspocusProviderWebsocket({
      url: `${this.url}/sync`,
      WebSocketPolyfill: WebSocket,
      delay: 100,
      minDelay: 100,
      maxDelay: 1_000,
    });
  }
}

/** A document over the Hocuspocus framing. */
export class Page {
  constructor(server, name, options = {}) {
    this.doc = options.doc ?? new Y.Doc();
    this.messages = [];
    this.denied = [];
    this.ownSocket = options.socket === undefined;
    this.socket = options.socket ?? server.socket();
    this.provider = new HocuspocusProvider({
      websocketProvider: this.socket,
      name,
      document: this.doc,
      token: options.token ?? token,
      sessionAwareness: options.sessionAwareness ?? false,
      onStateless: ({ payload }) => this.messages.push(JSON.parse(payload)),
      onAuthenticationFailed: ({ reason }) => this.denied.push(reason),
    });
    this.provider.attach();
  }
  async ready() {
    await until(() => this.provider.synced, 'the document is synced');
    return this;
  }
  async saved() {
    await until(() => !this.provider.hasUnsyncedChanges, 'everything is saved');
  }
  get text() {
    return this.doc.getText('t');
  }
  close() {
    this.provider.destroy();
    if (this.ownSocket) this.socket.destroy();
  }
}

/** A document over the y-websocket framing. */
export class PlainPage {
  constructor(server, name, { doc = new Y.Doc(), secret = token } = {}) {
    this.doc = doc;
    this.provider = new WebsocketProvider(`${server.url}/y`, name, doc, {
      params: { token: secret },
      WebSocketPolyfill: WebSocket,
      disableBc: true,
    });
  }
  async ready() {
    await until(() => this.provider.synced, 'the document is synced');
    return this;
  }
  get text() {
    return this.doc.getText('t');
  }
  close() {
    this.provider.destroy();
    // Else the awareness' timer keeps the process alive.
    this.doc.destroy();
  }
}

/** A bare socket: what it got, and how it was closed. */
export class Raw {
  constructor(server, path = '/sync', options = {}) {
    this.socket = new WebSocket(`${server.url}${path}`, options);
    this.socket.binaryType = 'nodebuffer';
    this.frames = [];
    this.socket.on('message', (frame) => this.frames.push(frame));
    this.socket.on('error', (error) => (this.error = error));
    this.closed = new Promise((done) => this.socket.on('close', (code, reason) => done({ code, reason: String(reason) })));
  }
  async open() {
    if (this.socket.readyState === WebSocket.CONNECTING) await once(this.socket, 'open');
    return this;
  }
  send(bytes) {
    this.socket.send(typeof bytes === 'string' ? bytes : Uint8Array.from(bytes));
  }
}

export async function until(holds, what, patience = 30_000) {
  const deadline = Date.now() + patience;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`still not: ${what}`);
    await new Promise((wake) => setTimeout(wake, 10));
  }
}

export const same = (...pages) =>
  pages.every((page) => page.text.toString() === pages[0].text.toString());
