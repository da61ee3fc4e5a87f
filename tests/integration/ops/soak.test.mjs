// A minute of what scripts/bench soak does for half an hour.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Soak } from './soak.mjs';

test('a working group for a minute: pages equal, every acknowledged word in git, memory bounded', { timeout: 300_000 }, async (t) => {
  const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31);
  t.diagnostic(`SEED=${seed}`);
  const soak = await Soak.make({ people: 80, sections: 100, seed });
  try {
    await soak.run(Number(process.env.SOAK_SECONDS ?? 60));
    const found = await soak.compareAll();
    const { before, after } = soak.growth();
    t.diagnostic(`${JSON.stringify(found)}, ${soak.decisions} decisions, ${soak.late} late, ${soak.cuts} cuts, ${Math.round(before / 2 ** 20)} to ${Math.round(after / 2 ** 20)} MiB`);
    assert.ok(found.inText > 100 && soak.decisions > 3 && soak.cuts > 10, 'there was something to lose');
    // Sanitizers keep what was freed.
    if (!process.env.BOSSEY_BINARY?.includes('asan')) assert.ok(after < before * 1.5 + 32 * 2 ** 20, `${before} to ${after} octets`);
  } finally {
    await soak.server.remove();
  }
});
