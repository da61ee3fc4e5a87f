// `bossey check` names each part that is damaged, with the server running or not, and finds nothing in a whole folder.
import assert from 'node:assert/strict';
import { chmod, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { bossey, commitByHand, copyOf, filesOf, flip, git, makeHouse, sh } from './folder.mjs';

let house, data;
before(async () => {
  house = await makeHouse();
  data = house.server.data;
  const editor = await house.member.open(house.one).ready();
  editor.type(' and words');
  await editor.saved();
  editor.close();
});
after(() => house.server.remove());

test('a folder in use is whole, and nothing of the check stays in it', async () => {
  const found = await bossey('check', data);
  assert.equal(found.code, 0, found.stdout + found.stderr);
  assert.match(found.stdout, /Whole\./);
  assert.match(found.stdout, /1 decisions/);
  assert.deepEqual((await readdir(data)).filter((name) => name.startsWith('cut-')), []);
  assert.ok((await readdir(data)).includes('journal.sqlite-wal'), 'the log of the running server is there');
});

test('what a killed server leaves is no damage: the next start completes it', async () => {
  const editor = await house.member.open(house.one).ready();
  editor.type(' before the end');
  await editor.saved();
  await house.server.stop('SIGKILL');
  editor.close();
  const found = await bossey('check', data);
  assert.equal(found.code, 0, found.stdout + found.stderr);
  assert.match(found.stdout, /note: .*not in git yet/);
  await house.server.start();
  await house.server.stop();
  const again = await bossey('check', data);
  assert.doesNotMatch(again.stdout, /note:/);
  assert.equal(again.code, 0);
});

const repository = (copy) => join(copy, 'groups/wgig.git');
const loose = async (copy) => (await filesOf(join(repository(copy), 'objects'))).filter((file) => /\/[0-9a-f]{2}\/[0-9a-f]{38}$/.test(file));
const sql = (copy, text) => sh('sqlite3', join(copy, 'journal.sqlite'), text);
const packed = async (copy) => {
  await git(repository(copy), 'repack', '-adq');
  return (await filesOf(join(repository(copy), 'objects/pack'))).find((file) => file.endsWith('.pack'));
};

const damages = [
  ['a row of the journal that changed', (copy) => sql(copy, "UPDATE updates SET bytes = x'0000' WHERE seq = 3"), /seq 3 of table updates is damaged/],
  ['a row of the journal that is missing', (copy) => sql(copy, 'DELETE FROM updates WHERE seq = (SELECT max(seq) - 1 FROM updates)'), /rows are missing/],
  ['an event that changed', (copy) => sql(copy, "UPDATE events SET json = '{}' WHERE kind = 'decision'"), /of table events is damaged/],
  ['a page of the journal', (copy) => writeAt(join(copy, 'journal.sqlite'), 2 * 4096 + 3), /journal: /],
  ['a journal that is cut short', (copy) => truncate(join(copy, 'journal.sqlite'), 9000), /journal: /],
  ['a page of the accounts', (copy) => writeAt(join(copy, 'accounts.sqlite'), 2 * 4096 + 3), /accounts: /],
  ['missing accounts', (copy) => rm(join(copy, 'accounts.sqlite')), /accounts: .*missing/],
  ['an object', async (copy) => flipFile((await loose(copy))[0]), /group wgig: the object .* is damaged/],
  ['a missing object', async (copy) => rm((await loose(copy))[0]), /group wgig: /],
  ['a pack that is cut short', async (copy) => cut(await packed(copy)), /the pack .* is (cut short|damaged|not the one)/],
  ['a pack with another bit', async (copy) => flipFile(await packed(copy)), /the pack .* is damaged/],
  ['a repository that is missing', (copy) => rm(repository(copy), { recursive: true }), /the repository .* is missing/],
  ['a decision that was removed', (copy) => commitByHand(repository(copy), (clone) => rm(join(clone, 'decisions/000001.json'))), /decisions\/000001.json is missing, though it was recorded/],
  ['a decision that was changed', (copy) => commitByHand(repository(copy), (clone) => writeFile(join(clone, 'decisions/000001.json'), '{}\n')), /decisions\/000001.json/],
  ['a text that was changed', (copy) => commitByHand(repository(copy), (clone) => writeFile(join(clone, `reports/r/sections/${house.one}.md`), '# One\n\nOther words.\n')), /is not the text of its document/],
  ['a text that was removed', (copy) => commitByHand(repository(copy), (clone) => rm(join(clone, `reports/r/sections/${house.one}.md`))), /is not the text of its document: it was removed/],
];
const writeAt = (file, at) => Promise.all([0, 1, 2, 3, 4, 5].map((i) => flip(file, at + i, 0x7f)));
const cut = async (file) => {
  await chmod(file, 0o600);
  await truncate(file, 200);
};
const flipFile = async (file) => {
  await chmod(file, 0o600);
  await flip(file, -30);
};

for (const [what, damage, words] of damages) {
  test(`${what} is named, with what to do, and exit code 3`, async () => {
    const copy = await copyOf(data);
    assert.equal((await bossey('check', copy)).code, 0);
    await damage(copy);
    const found = await bossey('check', copy);
    assert.equal(found.code, 3, found.stdout + found.stderr);
    assert.match(found.stdout, words);
    assert.match(found.stdout, /what to do: /);
    await rm(join(copy, '..'), { recursive: true });
  });
}

test('no folder, and an empty one, are not taken for whole', async () => {
  assert.equal((await bossey('check', join(data, 'none'))).code, 1);
  assert.equal((await bossey('check')).code, 2);
});
