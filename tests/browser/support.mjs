// Starts a server with a group of its own, signs people in, and says in one word what a test waits for. Everything waits
// for events of the page; nothing sleeps.
import { spawn, spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const root = resolve(fileURLToPath(new URL('../..', import.meta.url)));
const binary = process.env.BOSSEY_BINARY ?? join(root, 'build/release/bossey');
const page = process.env.BOSSEY_CLIENT ?? join(root, 'client-web/dist');
export const chromiumArgs = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
];

export const group = 'plenary';
export const report = 'final';
const waitMs = 60_000;

const markdown = `# Final report

## Introduction

The group met four times. It worked in the open.

## Forum function

The group recommends a new space for dialogue.

All stakeholders take part on an equal footing.

## Capacity-building

Resources should be provided at national level.[^1]

[^1]: See the Background Report.

## القسم العربي

توصي المجموعة بإنشاء فضاء جديد للحوار.
`;

export function freePort() {
  return new Promise((done) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });
}

function command(...args) {
  const result = spawnSync(binary, args, { encoding: 'utf8' });
  if (result.status !== 0) throw new Error(`bossey ${args.join(' ')}: ${result.stderr}${result.stdout}`);
  return result.stdout;
}

/** A running server with one group, one report of four sections and a person for each name given. */
export class Server {
  static async start(people) {
    const server = new Server();
    server.data = mkdtempSync(join(tmpdir(), 'bossey-browser-'));
    server.port = await freePort();
    server.url = `http://127.0.0.1:${server.port}`;
    const place = ['--data', server.data];
    command('group', 'create', group, '--name', 'Plenary group', ...place);
    const file = join(server.data, 'report.md');
    writeFileSync(file, markdown);
    command('import', file, '--group', group, '--report', report, ...place);
    for (const [name, role] of Object.entries(people)) {
      command('person', 'add', name, '--role', role, '--group', group, ...place);
    }
    await server.run();
    server.browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: chromiumArgs });
    return server;
  }

  async run() {
    this.process = spawn(binary, ['serve', '--data', this.data, '--port', String(this.port), '--client', page], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    await new Promise((done, failed) => {
      const hear = (chunk) => {
        said += chunk;
        if (said.includes('listening on')) done();
      };
      this.process.stdout.on('data', hear);
      this.process.stderr.on('data', hear);
      this.process.once('exit', (code) => failed(new Error(`bossey ended (${code}) before it listened:\n${said}`)));
    });
  }

  /** Ends the process at once, as a power cut would. */
  async kill() {
    const gone = new Promise((done) => this.process.once('exit', done));
    this.process.kill('SIGKILL');
    await gone;
  }

  /** A fresh personal link. */
  linkFor(name) {
    const list = command('person', 'list', '--group', group, '--data', this.data);
    const id = list.split('\n').find((line) => line.includes(name))?.match(/\d+/)?.[0];
    return command('person', 'link', id, '--group', group, '--data', this.data, '--public-url', this.url).match(/http\S+/)?.[0];
  }

  /** A browser of their own for one person, on the report. */
  async signIn(name, { cuttable = false, ...options } = {}) {
    const context = await this.browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
    context.setDefaultTimeout(waitMs);
    const tab = await context.newPage();
    // Only where a test asks for it: the tap on the channel is not as sure as the channel.
    if (cuttable) tab.network = await tapped(tab);
    tab.problems = [];
    tab.on('pageerror', (error) => tab.problems.push(error.stack ?? String(error)));
    tab.on('console', (message) => {
      if (message.type() === 'error' && message.text().includes('Content Security Policy')) tab.problems.push(message.text());
    });
    await tab.goto(this.linkFor(name));
    await tab.goto(`${this.url}/g/${group}/r/${report}`);
    await ready(tab);
    return tab;
  }

  async stop() {
    await this.browser?.close();
    if (this.process !== undefined && this.process.exitCode === null && this.process.signalCode === null) {
      const gone = new Promise((done) => this.process.once('exit', done));
      this.process.kill('SIGTERM');
      await gone;
    }
    rmSync(this.data, { recursive: true, force: true });
  }
}

/** The live channel of a page, which a test can cut and join again. HTTP goes on. */
async function tapped(tab) {
  const open = new Set();
  let isCut = false;
  let isMute = false;
  await tab.routeWebSocket(/\/sync$/, (ws) => {
    if (isCut) {
      void ws.close();
      return;
    }
    const server = ws.connectToServer();
    ws.onMessage((message) => {
      if (!isMute || !carriesText(message)) server.send(message);
    });
    open.add(ws);
    // With a listener the closing is not passed on by itself.
    ws.onClose(() => {
      open.delete(ws);
      void server.close();
      void ws.close();
    });
  });
  return {
    cut: async () => {
      isCut = true;
      for (const ws of [...open]) await ws.close();
      open.clear();
    },
    /** The text that the page sends is lost on its way; what the server says still comes. */
    mute: () => {
      isMute = true;
    },
    join: () => {
      isCut = false;
      isMute = false;
    },
  };
}

/** A step 2 or an update: address, type 0, kind 1 or 2 (docs/formats/sync.md). Addresses are short. */
function carriesText(frame) {
  const type = typeof frame === 'string' || frame.length < 3 ? -1 : 1 + frame[0];
  return frame[type] === 0 && frame[type + 1] > 0;
}

/** The report is there with all of its words. */
export async function ready(tab) {
  await tab.waitForFunction(() => {
    const sections = [...document.querySelectorAll('bossey-section')];
    return sections.length >= 4 && sections.every((s) => s.querySelector('.waiting') === null && s.querySelector('.text')?.firstChild);
  });
}

/** Asks the page until it says yes, for questions that the page must wait for itself (its store). */
export async function becomes(tab, question, argument) {
  const end = Date.now() + waitMs;
  while (!(await tab.evaluate(question, argument))) {
    if (Date.now() > end) throw new Error(`Never came true: ${question}`);
    await tab.evaluate(() => new Promise(requestAnimationFrame));
  }
}

/** The element of the section with this title. */
export function section(tab, title) {
  return tab.locator('bossey-section', { has: tab.locator('.title', { hasText: new RegExp(`^${title}$`) }) });
}

/** Puts the cursor at the end of a section's text. */
export async function writeIn(tab, title, words) {
  await section(tab, title).locator('.text p').last().click();
  await tab.keyboard.press('Control+End');
  await tab.keyboard.type(words);
}

export async function seesText(tab, title, words) {
  await tab.waitForFunction(
    ([wanted, t]) => {
      const found = [...document.querySelectorAll('bossey-section')].find((s) => s.querySelector('.title')?.textContent === t);
      return found?.querySelector('.text')?.textContent?.replace(/\u2060/g, '').includes(wanted) === true;
    },
    [words, title],
  );
}

/** The words of a section, without the cursors drawn between them. */
export function textOf(tab, title) {
  return section(tab, title)
    .locator('.text')
    .evaluate((element) => {
      const copy = element.cloneNode(true);
      for (const cursor of copy.querySelectorAll('.cursor')) cursor.remove();
      return [...copy.querySelectorAll('p, li, h3, h4, td, th')].map((block) => block.textContent).join('\n');
    });
}

export async function seesSign(tab, pattern) {
  await tab.waitForFunction(([source]) => new RegExp(source).test(document.querySelector('p.saved')?.textContent ?? ''), [pattern.source]);
}

export async function seesLine(tab, title, pattern) {
  await tab.waitForFunction(
    ([source, t]) => {
      const found = [...document.querySelectorAll('bossey-section')].find((s) => s.querySelector('.title')?.textContent === t);
      return new RegExp(source).test(found?.querySelector('.line')?.textContent ?? '');
    },
    [pattern.source, title],
  );
}

export async function seesNotice(tab, pattern) {
  await tab.waitForFunction(([source]) => new RegExp(source).test(document.querySelector('.notices')?.textContent ?? ''), [pattern.source]);
}
