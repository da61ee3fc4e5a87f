// A working group at work: people type and delete in the sections of a report, go from one to another, lose the
// connection, the chair agrees and reopens, the secretariat reads redlines. At the end all pages are equal, and every
// word that was acknowledged and not deleted is in git, in its section or, where it came late, in a proposal.
//   node soak.mjs [--minutes 30] [--people 80] [--sections 100] [--seed N]
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { Server, Somebody, newKey, until } from '../http/server.mjs';
import { bossey, git } from './folder.mjs';

const wait = (ms) => new Promise((done) => setTimeout(done, ms));
const MiB = 2 ** 20;

/** Numbers that a seed gives again. */
function randomOf(seed) {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

/** Signs `count` people in by the calls of an administrator. */
async function people(server, administrator, count) {
  const found = [];
  for (let i = 0; i < count; ++i) {
    const role = i === 0 ? 'chair' : i === 1 ? 'secretariat' : 'member';
    const { id } = (await administrator.post('/api/groups/wgig/people', { name: `Person ${i}`, role })).json;
    const { url } = (await administrator.post(`/api/groups/wgig/people/${id}/links`)).json;
    const cookie = /bossey_session=[^;]+/.exec((await fetch(url, { redirect: 'manual' })).headers.get('set-cookie'))[0];
    found.push(new Somebody(server, 'wgig', id, cookie));
  }
  return found;
}

/** One person's page: a section open, words typed into it, and what became of each. */
class Page {
  constructor(soak, somebody, number) {
    Object.assign(this, { soak, somebody, number, typed: 0, own: [], waiting: [], told: 0 });
  }

  async goTo(section) {
    await this.leave();
    this.section = section;
    this.editor = await this.somebody.open(section).ready();
    this.told = 0;
  }
  async leave() {
    if (!this.editor) return;
    await this.settle();
    await this.close();
    this.editor = null;
  }
  async close() {
    const { editor } = this;
    // A socket that is closed on its way to the server throws.
    await until(() => editor.socket.status === 'connected', `page ${this.number} is connected`);
    editor.close();
  }
  /** Takes note of what the server has said. A late edit goes with its document, as in the page. */
  async look() {
    const { editor } = this;
    if (!editor.provider.hasUnsyncedChanges) this.waiting.splice(0).forEach((word) => this.soak.acknowledged.push(word));
    const news = editor.messages.slice(this.told);
    this.told = editor.messages.length;
    if (news.some(({ type }) => type === 'late' || type === 'refused')) {
      this.soak.late += 1;
      // Some of the waiting words are kept as a proposal, and those after them may not have been sent at all: this page
      // drops them with its document, without having been told that they are saved.
      this.soak.unsure += this.waiting.splice(0).length;
      this.own = [];
      await this.close();
      this.editor = await this.somebody.open(this.section).ready();
      this.told = 0;
    }
  }
  async settle() {
    await until(async () => {
      await this.look();
      return this.waiting.length === 0;
    }, `page ${this.number} has everything saved`);
  }
  type() {
    if (this.soak.closed.has(this.section)) return;
    const word = `p${this.number}w${this.typed++}x`;
    this.editor.type(`${word} `);
    this.own.push(word);
    this.waiting.push({ word, section: this.section });
    // Otherwise the texts would grow without end, and the memory with them.
    if (this.own.length > 6) this.erase(this.own.shift());
  }
  erase(word) {
    for (const paragraph of this.editor.doc.getXmlFragment('body').toArray()) {
      for (const text of paragraph.toArray?.() ?? []) {
        const at = text.toString().indexOf(`${word} `);
        if (at < 0) continue;
        text.delete(at, word.length + 1);
        this.soak.deleted.add(word);
        return;
      }
    }
  }
  cut() {
    if (this.editor?.socket.status !== 'connected') return;
    this.editor.socket.webSocket.close();
    this.soak.cuts += 1;
  }
}

export class Soak {
  acknowledged = [];
  deleted = new Set();
  closed = new Set();
  memory = [];
  late = 0;
  unsure = 0;
  cuts = 0;
  decisions = 0;
  redlines_ms = [];

  static async make({ people: count = 80, sections = 100, seed }) {
    const soak = new Soak();
    soak.random = randomOf(seed);
    soak.server = await Server.make();
    await soak.server.command('group', 'create', 'wgig', '--name', 'WGIG');
    const administrator = await soak.server.join('wgig', 'Admin', 'administrator');
    soak.people = await people(soak.server, administrator, count);
    [soak.chair, soak.secretariat] = soak.people;
    const markdown = `# Report\n\n${Array.from({ length: sections }, (_, i) => `## Section ${i}\n\nFirst words of ${i}. \n`).join('\n')}`;
    const imported = await soak.chair.post('/api/groups/wgig/imports', { slug: 'r', markdown });
    assert.equal(imported.status, 201, imported.text);
    soak.sections = (await soak.chair.report('r')).sections.map((section) => section.id);
    soak.pages = soak.people.map((person, i) => new Page(soak, person, i));
    for (const page of soak.pages) await page.goTo(soak.any(soak.sections));
    return soak;
  }
  any(list) {
    return list[this.random(list.length)];
  }

  async resident() {
    const status = await readFile(`/proc/${this.server.process.pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+)/.exec(status)[1]) * 1024;
  }

  /** The chair agrees to a section, or opens one again. */
  async decide() {
    if (this.closed.size > this.sections.length / 5) {
      const section = this.any([...this.closed]);
      const answer = await this.chair.decide('r', section, { kind: 'reopen', reason: 'new words' });
      if (answer.status === 201) this.closed.delete(section);
      return;
    }
    const section = this.any(this.sections.filter((id) => !this.closed.has(id)));
    const answer = await this.chair.agree('r', section);
    if (answer.status !== 201) return; // the text moved meanwhile: the chair looks again
    this.decisions += 1;
    this.closed.add(section);
  }

  /** The secretariat compares the newest text of a section with an older one. */
  async compare() {
    const section = this.any(this.sections);
    const base = '/api/groups/wgig/reports/r';
    const began = performance.now();
    const { revisions } = (await this.secretariat.get(`${base}/revisions?section=${section}`)).json;
    if (revisions.length < 2) return;
    const answer = await this.secretariat.get(`${base}/sections/${section}/redline?from=${revisions.at(-1).id}&to=live`);
    assert.equal(answer.status, 200, answer.text);
    this.redlines_ms.push(performance.now() - began);
  }

  async run(seconds, report = () => {}) {
    const began = performance.now();
    const left = () => seconds * 1000 - (performance.now() - began);
    const every = async (ms, work) => {
      while (left() > 0) {
        await work();
        await wait(ms);
      }
    };
    const page = async (one) => {
      await wait(this.random(1_000));
      for (let turn = 0; left() > 0; ++turn) {
        one.type();
        await one.look();
        if (turn % 20 === 19) await one.goTo(this.any(this.sections));
        await wait(500 + this.random(1_000));
      }
    };
    await Promise.all([
      ...this.pages.map(page),
      every(2_000, () => this.decide()),
      every(1_000, () => this.any(this.pages).cut()),
      every(3_000, () => this.compare()),
      every(Math.max(2_000, seconds * 10), async () => {
        this.memory.push(await this.resident());
        report(`${Math.round((performance.now() - began) / 1000)} s: ${Math.round(this.memory.at(-1) / MiB)} MiB, ${this.acknowledged.length} words acknowledged, ${this.cuts} connections cut, ${this.decisions} decisions, ${this.late} pages with late edits`);
      }),
    ]);
    for (const one of this.pages) await one.settle();
  }

  /** All pages of a section are equal, to one that comes fresh as well; git has every acknowledged word. */
  async compareAll() {
    for (const section of this.sections) {
      const fresh = await this.chair.open(section).ready();
      for (const page of this.pages.filter((one) => one.section === section))
        await until(() => page.editor.words() === fresh.words(), `page ${page.number} is equal to a fresh one`);
      fresh.close();
    }
    const repository = this.server.repository('wgig');
    for (const page of this.pages) await page.leave();
    assert.equal(await this.server.stop(), 0, this.server.log);
    const texts = new Map();
    for (const section of this.sections) texts.set(section, await git(repository, 'show', `HEAD:reports/r/sections/${section}.md`));
    const kept = (await git(repository, 'grep', '-h', '-e', 'w[0-9]*x', 'HEAD', '--', 'proposals').catch(() => ''));
    let inText = 0;
    let inProposals = 0;
    const missing = [];
    for (const { word, section } of this.acknowledged) {
      if (this.deleted.has(word)) continue;
      if (texts.get(section).includes(word)) ++inText;
      else if (kept.includes(word)) ++inProposals;
      else missing.push(`${word} of ${section}`);
    }
    assert.deepEqual(missing.slice(0, 10), [], `${missing.length} acknowledged words are nowhere in git`);
    const checked = await bossey('check', this.server.data);
    assert.equal(checked.code, 0, checked.stdout);
    await git(repository, 'fsck', '--strict', '--no-dangling');
    const revisions = Number(await git(repository, 'rev-list', '--count', 'main'));
    return { acknowledged: this.acknowledged.length, deleted: this.deleted.size, inText, inProposals, revisions };
  }

  /** Memory after a third of the time, and at the end: means of three. */
  growth() {
    const mean = (values) => values.reduce((a, b) => a + b, 0) / values.length;
    const third = Math.floor(this.memory.length / 3);
    return { before: mean(this.memory.slice(third, third + 3)), after: mean(this.memory.slice(-3)) };
  }
}

if (process.argv[1] === import.meta.filename) {
  const { values } = parseArgs({
    options: {
      minutes: { type: 'string', default: '30' },
      people: { type: 'string', default: '80' },
      sections: { type: 'string', default: '100' },
      seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    },
  });
  console.log(`seed ${values.seed}`);
  const soak = await Soak.make({ people: Number(values.people), sections: Number(values.sections), seed: Number(values.seed) });
  try {
    await soak.run(Number(values.minutes) * 60, console.log);
    const found = await soak.compareAll();
    const { before, after } = soak.growth();
    const times = soak.redlines_ms.sort((a, b) => a - b);
    console.log(`all pages equal; ${found.acknowledged} words acknowledged, of which ${found.deleted} deleted again, ${found.inText} in their sections in git and ${found.inProposals} in proposals, none missing; ${found.revisions} revisions, ${soak.decisions} decisions, ${soak.late} late edits with ${soak.unsure} words that no page was told of`);
    console.log(`history and redline: median ${Math.round(times[Math.floor(times.length / 2)])} ms, most ${Math.round(times.at(-1))} ms of ${times.length}`);
    console.log(`memory after a third of the time ${Math.round(before / MiB)} MiB, at the end ${Math.round(after / MiB)} MiB`);
  } finally {
    await soak.server.remove();
  }
  process.exit(0);
}
