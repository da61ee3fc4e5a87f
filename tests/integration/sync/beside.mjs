// Two writers and three readers who type and read while something else happens, and must not notice it.
import assert from 'node:assert/strict';
import { Page, until } from './scratch.mjs';

export class Beside {
  static async make(server, name = 'scratch/quiet') {
    const beside = new Beside();
    const pages = Array.from({ length: 5 }, () => new Page(server, name));
    for (const page of pages) {
      page.socket.on('disconnect', () => ++beside.disconnects);
      await page.ready();
    }
    beside.writers = pages.slice(0, 2);
    beside.readers = pages.slice(2);
    return beside;
  }
  disconnects = 0;
  written = ['', ''];
  words = 0;

  /** Runs `work` while the writers write a word each 20 ms; then every reader has every word, in order. */
  async during(work) {
    const typing = setInterval(() => this.write(), 20);
    const before = this.words;
    try {
      await work();
      await until(() => this.words >= before + 10, 'the writers write');
    } finally {
      clearInterval(typing);
    }
    await this.agree();
  }
  write() {
    this.writers.forEach((page, i) => {
      const word = `${this.words} `;
      const text = page.doc.getText(`by-${i}`);
      text.insert(text.length, word);
      this.written[i] += word;
    });
    ++this.words;
  }
  async agree() {
    for (const page of this.writers) await page.saved();
    const holds = (page) => this.written.every((text, i) => page.doc.getText(`by-${i}`).toString() === text);
    await until(() => this.readers.every(holds) && this.writers.every(holds), 'everybody has every word in order');
    assert.equal(this.disconnects, 0, 'nobody lost the connection');
  }
  close() {
    for (const page of [...this.writers, ...this.readers]) page.close();
  }
}
