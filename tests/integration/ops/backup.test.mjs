// A backup that is taken while people type holds every word that was acknowledged before it began, and comes back.
import assert from 'node:assert/strict';
import { readdir, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Server } from '../http/server.mjs';
import { bossey, filesOf, git, makeHouse, newFolder, remove, sh } from './folder.mjs';

let house, place;
before(async () => {
  house = await makeHouse();
  place = await newFolder();
});
after(async () => {
  await house.server.remove();
  await remove(place);
});

test('typed during the backup, restored elsewhere: all that was acknowledged before is there, and it is whole', async () => {
  const editors = await Promise.all([1, 2, 3, 4].map(() => house.member.open(house.one).ready()));
  let number = 0;
  const typing = setInterval(() => editors.forEach((editor) => editor.type(` w${number++}x`)), 5);
  await new Promise((done) => setTimeout(done, 500));
  const copies = [];
  for (let i = 0; i < 3; ++i) {
    const file = join(place, `backup${i}.tar`);
    // Each word in all editors is on the disk of the server when it is acknowledged to the one who typed it.
    const acknowledged = number;
    await Promise.all(editors.map((editor) => editor.saved()));
    const made = await bossey('backup', house.server.data, file);
    assert.equal(made.code, 0, made.stdout + made.stderr);
    copies.push({ file, acknowledged });
  }
  clearInterval(typing);
  await Promise.all(editors.map((editor) => editor.saved()));
  editors.forEach((editor) => editor.close());
  assert.ok(number > copies[2].acknowledged && copies[2].acknowledged > copies[0].acknowledged, 'people typed all the time');
  for (const { file, acknowledged } of copies) {
    assert.equal((await stat(file)).mode & 0o777, 0o600);
    const data = `${file}.data`;
    const restored = await bossey('restore', file, data);
    assert.equal(restored.code, 0, restored.stdout + restored.stderr);
    assert.equal((await bossey('check', data)).code, 0);
    const server = new Server();
    server.data = data;
    await server.start();
    assert.equal(await server.stop(), 0);
    const text = await git(join(data, 'groups/wgig.git'), 'show', `HEAD:reports/r/sections/${house.one}.md`);
    for (let i = 0; i < acknowledged; ++i) assert.ok(text.includes(` w${i}x`), `word ${i} of ${acknowledged}`);
    await git(join(data, 'groups/wgig.git'), 'fsck', '--strict');
  }
  assert.deepEqual((await readdir(house.server.data)).filter((name) => name.startsWith('cut-')), []);
  assert.deepEqual((await readdir(place)).filter((name) => name.includes('.part')), []);
});

test('people, links and decisions come back, too, also from a backup without a server', async () => {
  await house.server.stop();
  const file = join(place, 'alone.tar');
  assert.equal((await bossey('backup', house.server.data, file)).code, 0);
  await house.server.start();
  const data = join(place, 'alone');
  assert.equal((await bossey('restore', file, data)).code, 0);
  const server = new Server();
  server.data = data;
  await server.start();
  const chair = Object.assign(Object.create(Object.getPrototypeOf(house.chair)), house.chair, { server });
  assert.equal((await chair.get('/api/groups/wgig/decisions')).json.decisions.length, 1);
  assert.match((await chair.section('r', house.two)).canonical, /Agreed words/);
  await server.stop();
  assert.match(await sh('tar', '-tf', file), /groups\/wgig\.git\/HEAD/);
});

test('nothing is overwritten, and a backup that is cut, damaged or something else is refused', async () => {
  const file = join(place, 'good.tar');
  assert.equal((await bossey('backup', house.server.data, file)).code, 0);
  const again = await bossey('backup', house.server.data, file);
  assert.equal(again.code, 1);
  assert.match(again.stderr, /exists/);
  const busy = await bossey('restore', file, house.server.data);
  assert.equal(busy.code, 1);
  assert.match(busy.stderr, /not empty/);

  const size = (await stat(file)).size;
  const wrong = join(place, 'wrong.tar');
  for (const part of [0.1, 0.5, 0.9]) {
    await sh('cp', file, wrong);
    await truncate(wrong, Math.floor(size * part));
    const cut = await bossey('restore', wrong, join(place, 'cut'));
    assert.equal(cut.code, 1, cut.stdout + cut.stderr);
  }
  const inside = join(place, 'inside');
  await sh('mkdir', inside);
  await sh('tar', '-xf', file, '-C', inside);
  await sh('sqlite3', join(inside, 'journal.sqlite'), "UPDATE updates SET bytes = x'0000' WHERE seq = 3");
  await sh('sh', '-c', `cd '${inside}' && rm -f *-wal *-shm && tar -cf '${wrong}' *`);
  const damaged = await bossey('restore', wrong, join(place, 'damaged'));
  assert.equal(damaged.code, 3, damaged.stdout + damaged.stderr);
  assert.match(damaged.stdout, /seq 3 of table updates is damaged/);
  const names = await readdir(place);
  assert.ok(!names.includes('damaged') && names.includes('damaged.damaged'), 'a damaged folder does not get the name');
  const other = await bossey('restore', join(import.meta.dirname, 'backup.test.mjs'), join(place, 'other'));
  assert.equal(other.code, 1);
  assert.ok((await filesOf(place)).every((name) => !name.includes('/cut') && !name.includes('.restoring')));
});
