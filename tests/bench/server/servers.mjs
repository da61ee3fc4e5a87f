// The servers that are measured: how each is started on one core, and what it takes of the machine.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const here = import.meta.dirname;
export const token = 'T';

export const kinds = {
  bossey: {
    framing: 'hocuspocus',
    path: '/sync',
    command: ({ binary, folder }) => [binary, 'serve', '--port', '0', '--data', folder, '--scratch', '--token', token],
    ready: /listening on http:\/\/127.0.0.1:(\d+)/,
  },
  /** Another build of ours, named by BOSSEY_BEFORE: `--servers before,bossey`. */
  before: {
    framing: 'hocuspocus',
    path: '/sync',
    command: ({ folder }) => kinds.bossey.command({ binary: process.env.BOSSEY_BEFORE, folder }),
    ready: /listening on http:\/\/127.0.0.1:(\d+)/,
  },
  hocuspocus: {
    framing: 'hocuspocus',
    path: '/',
    command: ({ stored }) => [process.execPath, join(here, 'peer_hocuspocus.mjs'), ...(stored ? [stored] : [])],
    ready: /listening on http:\/\/127.0.0.1:(\d+)/,
  },
  'y-websocket': {
    framing: 'plain',
    path: '',
    command: () => [process.execPath, resolve(here, 'node_modules/y-websocket-2/bin/server.cjs')],
    env: () => ({ HOST: '127.0.0.1', PORT: String(20_000 + (process.pid % 10_000)) }),
    ready: /on port (\d+)/,
  },
};

export class Measured {
  static async start(name, options) {
    const server = new Measured();
    server.kind = kinds[name];
    server.folder = options.folder ?? mkdtempSync(join(tmpdir(), 'bossey-bench-'));
    server.keep = options.folder !== undefined;
    const command = server.kind.command({ ...options, folder: server.folder });
    server.process = spawn('taskset', ['-c', '0', ...command], {
      env: { ...process.env, ...server.kind.env?.() },
      stdio: ['ignore', 'pipe', ['bossey', 'before'].includes(name) ? 'ignore' : 'inherit'],
    });
    server.port = await new Promise((found, failed) => {
      let printed = '';
      server.process.stdout.on('data', (chunk) => {
        printed += chunk;
        const match = server.kind.ready.exec(printed);
        if (match) found(Number(match[1]));
      });
      server.process.once('exit', (code) => failed(new Error(`${name} ended with ${code}`)));
    });
    return server;
  }
  get pid() {
    return this.process.pid;
  }
  /** Processor time so far, in microseconds; the kernel's part of it, too. */
  cpu_us() {
    const fields = readFileSync(`/proc/${this.pid}/stat`, 'utf8').split(') ')[1].split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10_000;
  }
  resident_bytes() {
    return Number(readFileSync(`/proc/${this.pid}/statm`, 'utf8').split(' ')[1]) * 4096;
  }
  async stop() {
    const ended = once(this.process, 'exit');
    this.process.kill('SIGTERM');
    const late = setTimeout(() => this.process.kill('SIGKILL'), 10_000);
    await ended;
    clearTimeout(late);
    if (!this.keep) rmSync(this.folder, { recursive: true, force: true });
  }
}
