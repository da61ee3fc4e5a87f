// Two writers and three readers who type and read while something else happens, and must not notice it. They are a
// process of their own (beside_people.mjs), so that what is measured of them is the server's doing and not the
// attacker's.
import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

export class Beside {
  static async make(server, name = 'scratch/quiet') {
    const beside = new Beside();
    beside.people = fork(join(import.meta.dirname, 'beside_people.mjs'), [server.url, name]);
    await beside.heard();
    return beside;
  }

  async heard() {
    const [answer] = await Promise.race([
      once(this.people, 'message'),
      once(this.people, 'exit').then(([code]) => assert.fail(`the five beside it ended with ${code}`)),
    ]);
    assert.equal(answer.error, undefined, answer.error);
    return answer;
  }

  /**
   * Runs `work` while the writers write a word each 20 ms; then every reader has every word, in order. How long a word
   * took from a writer to a reader: {p50, p99, most, words}, in ms.
   */
  async during(work) {
    this.people.send('write');
    const writing = await this.heard();
    assert.ok(writing.writing);
    try {
      await work();
    } finally {
      this.people.send('agree');
    }
    return this.heard();
  }
  close() {
    this.people.disconnect();
  }
}
