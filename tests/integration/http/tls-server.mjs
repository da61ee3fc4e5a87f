// The program with options of a test's own, what it logs, and commands on its data.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';

const binary = process.env.BOSSEY_BINARY ?? resolve(import.meta.dirname, '../../..', 'build/release/bossey');

export class Server {
  log = '';
  #waiting = [];

  static async start(data, options) {
    const server = new Server();
    server.data = data;
    server.process = spawn(binary, ['serve', '--port', '0', '--data', data, ...options], { stdio: ['ignore', 'pipe', 'pipe'] });
    server.process.stderr.on('data', (chunk) => {
      server.log += chunk;
      server.#waiting = server.#waiting.filter(({ word, done }) => !server.log.includes(word) || done());
    });
    server.url = await new Promise((found, failed) => {
      let printed = '';
      server.process.stdout.on('data', (chunk) => {
        printed += chunk;
        const match = /listening on (\S+)/.exec(printed);
        if (match) found(match[1]);
      });
      server.process.once('close', (code) => failed(new Error(`the server ended with ${code}: ${server.log}`)));
    });
    server.port = new URL(server.url).port;
    return server;
  }

  /** Until the log has this word. */
  logged(word) {
    if (this.log.includes(word)) return undefined;
    return new Promise((done) => this.#waiting.push({ word, done }));
  }

  command(...words) {
    return execFileSync(binary, [...words, '--data', this.data], { encoding: 'utf8' });
  }

  async stop() {
    const ended = once(this.process, 'exit');
    this.process.kill('SIGTERM');
    return (await ended)[0];
  }
}
