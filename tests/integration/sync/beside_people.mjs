// The five of beside.mjs. Told 'write' they begin, told 'agree' they end, compare, and say what they noticed.
import assert from 'node:assert/strict';
import { Page, ScratchServer, until } from './scratch.mjs';

const [url, name] = process.argv.slice(2);
const server = Object.assign(new ScratchServer(), { url });
const pages = Array.from({ length: 5 }, () => new Page(server, name));
const [writers, readers] = [pages.slice(0, 2), pages.slice(2)];
let disconnects = 0;
let words = 0;
let typing;
const written = ['', ''];
const sent = [[], []];
let took = [];

for (const page of pages) {
  page.socket.on('disconnect', () => ++disconnects);
  await page.ready();
}
for (const page of readers) {
  const next = [0, 0];
  writers.forEach((_, i) =>
    page.doc.getText(`by-${i}`).observe((event) => {
      const now = performance.now();
      for (const { insert } of event.delta)
        for (let left = insert?.split(' ').length - 1 || 0; left > 0; --left) took.push(now - sent[i][next[i]++]);
    }),
  );
}

function write() {
  writers.forEach((page, i) => {
    const word = `${words} `;
    sent[i].push(performance.now());
    written[i] += word;
    const text = page.doc.getText(`by-${i}`);
    text.insert(text.length, word);
  });
  ++words;
}

async function agree(before) {
  await until(() => words >= before + 10, 'the writers write');
  clearInterval(typing);
  for (const page of writers) await page.saved();
  const holds = (page) => written.every((text, i) => page.doc.getText(`by-${i}`).toString() === text);
  await until(() => pages.every(holds), 'everybody has every word in order');
  assert.equal(disconnects, 0, 'nobody lost the connection');
  const sorted = took.sort((a, b) => a - b);
  const at = (part) => Math.round(10 * sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))]) / 10;
  return { p50: at(0.5), p99: at(0.99), most: at(1), words: sorted.length };
}

let began = 0;
process.on('message', async (order) => {
  if (order === 'write') {
    took = [];
    began = words;
    typing = setInterval(write, 20);
    process.send({ writing: true });
  } else {
    process.send(await agree(began).catch((error) => ({ error: String(error.message) })));
  }
});
process.on('disconnect', () => process.exit(0));
process.send({ ready: true });
