// The table of scripts/bench server: ours beside servers from npm, each on one core, the load on the other, one after
// the other in the same run. A real Yjs client checks the texts.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import * as Y from 'yjs';
import { check, open } from './readers.mjs';
import { Measured, kinds, token } from './servers.mjs';

const { values: options } = parseArgs({
  options: {
    binary: { type: 'string' }, load: { type: 'string' }, traces: { type: 'string' }, work: { type: 'string' },
    seconds: { type: 'string', default: '5' }, only: { type: 'string', default: '' }, servers: { type: 'string', default: 'bossey,hocuspocus,y-websocket' },
    idle: { type: 'string', default: '10000' },
  },
});
const names = options.servers.split(',');
mkdirSync(options.work, { recursive: true });

/** Runs the load; its numbers, and what the server took meanwhile. */
async function load(server, settings) {
  const { framing, path } = server.kind;
  const words = { port: server.port, path: path || '/', plain: framing === 'plain' ? 1 : 0, token, seconds: options.seconds, ...settings };
  if (framing === 'plain') words.path = path;
  const child = spawn('taskset', ['-c', '1', options.load, ...Object.entries(words).flatMap(([name, value]) => [`--${name}`, String(value)])], { stdio: ['pipe', 'pipe', 'inherit'] });
  let before, after, result, resident;
  let same = true;
  for await (const line of createInterface(child.stdout)) {
    if (line === 'measuring') before = server.cpu_us();
    else if (line === 'measured') [after, resident] = [server.cpu_us(), server.resident_bytes()];
    else {
      result = JSON.parse(line);
      for (let d = 0; d < Math.min(3, result.totals.length); ++d)
        if (settings.writers > 0) same &&= await check(server, `scratch/bench-${d}`, result.totals[d]);
      child.stdin.end();
    }
  }
  if (!result) throw new Error('the load failed');
  const note = (result.incomplete > 0 ? ` ${result.incomplete} clients incomplete` : '') + (same ? '' : ' TEXT DIFFERS');
  return { ...result, cpu_us: after - before, resident, note };
}

async function fresh(name, work, more = {}) {
  const server = await Measured.start(name, { binary: options.binary, ...more });
  try {
    return await work(server);
  } finally {
    await server.stop();
  }
}

const ms = (us) => `${(us / 1000).toFixed(1)} ms`;
const whole = (number) => Math.round(number).toLocaleString('en');
const typing = (writers, readers) => (name) =>
  fresh(name, async (server) => {
    const got = await load(server, { writers, readers, rate: 5 });
    return `${(got.cpu_us / got.delivered).toFixed(1)} us, ${((got.cpu_us / got.seconds) / 10_000).toFixed(0)}% CPU, p99 ${ms(got.p99_us)}${got.note}`;
  });

/** The recorded session of 259,778 edits as one update. */
function largeDocument() {
  const file = join(options.work, 'large.bin');
  const trace = JSON.parse(gunzipSync(readFileSync(join(options.traces, 'sequential', 'automerge-paper.json.gz'))));
  const doc = new Y.Doc();
  const text = doc.getText('t');
  for (const { patches } of trace.txns)
    for (const [at, deleted, inserted] of patches) {
      if (deleted > 0) text.delete(at, deleted);
      if (inserted) text.insert(at, inserted);
    }
  writeFileSync(file, Y.encodeStateAsUpdate(doc));
  return { file, length: text.length };
}

const measures = {
  'empty server': (name) =>
    fresh(name, async (server) => {
      await new Promise((wake) => setTimeout(wake, 1_500));
      return `${(server.resident_bytes() / 2 ** 20).toFixed(1)} MiB`;
    }),
  '20 writers + 200 readers, 5 characters/s': typing(20, 200),
  '40 + 1,000': typing(40, 1_000),
  '10 + 40': typing(10, 40),
  'one document, 50 clients, best rate': (name) =>
    fresh(name, async (server) => {
      const got = await load(server, { writers: 50, window: 2_000, 'warm-up': 2 });
      return `${whole(got.delivered / got.seconds)} edits/s delivered, ${(got.cpu_us / got.delivered).toFixed(2)} us each${got.note}`;
    }),
  '100 documents x 5 clients, acknowledgements': (name) =>
    kinds[name].framing === 'plain'
      ? '-'
      : fresh(name, async (server) => {
          const got = await load(server, { documents: 100, writers: 5, window: 20, 'by-ack': 1, 'warm-up': 2 });
          return `${whole(got.acknowledged / got.seconds)}/s, ${((got.cpu_us / got.seconds) / 10_000).toFixed(0)}% CPU${got.note}`;
        }),
  'idle connection': (name) =>
    fresh(name, async (server) => {
      const warm = await load(server, { documents: 100, readers: 1, writers: 0, rate: 1, seconds: 1, prefix: 'scratch/bench' });
      const count = Number(options.idle);
      const got = await load(server, { documents: 100, readers: count / 100, writers: 0, rate: 1, seconds: 1, prefix: 'scratch/bench' });
      return `${((got.resident - warm.resident) / 1024 / (count - 100)).toFixed(1)} KiB`;
    }),
  '260,000-edit document, server just started': async (name) => {
    if (kinds[name].framing === 'plain') return '-';
    const { file, length } = largeDocument();
    const folder = mkdtempSync(join(os.tmpdir(), 'bossey-bench-'));
    try {
      if (name !== 'hocuspocus')
        await fresh(name, async (server) => {
          const doc = new Y.Doc();
          Y.applyUpdate(doc, readFileSync(file));
          const { release } = await open(server, 'scratch/large', doc);
          await new Promise((wake) => setTimeout(wake, 2_000));
          release();
        }, { folder });
      const times = [];
      for (let round = 0; round < 5; ++round)
        await fresh(name, async (server) => {
          const begin = performance.now();
          const { doc, release } = await open(server, 'scratch/large');
          times.push(performance.now() - begin);
          if (doc.getText('t').length !== length) throw new Error('the text differs');
          release();
        }, { folder, stored: file });
      return `${times.sort((a, b) => a - b)[2].toFixed(0)} ms`;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

console.log(`${os.cpus()[0].model}, ${os.cpus().length} cores, load ${os.loadavg()[0].toFixed(1)}; Node ${process.versions.node}; ${options.seconds} s each`);
console.log(`| measure | ${names.join(' | ')} |\n| --- |${' --- |'.repeat(names.length)}`);
for (const [what, measure] of Object.entries(measures)) {
  if (!what.includes(options.only)) continue;
  const cells = [];
  for (const name of names) {
    try {
      cells.push(await measure(name));
    } catch (error) {
      cells.push(`failed: ${error.message}`);
    }
  }
  console.log(`| ${what} | ${cells.join(' | ')} |`);
}
process.exit(0);
