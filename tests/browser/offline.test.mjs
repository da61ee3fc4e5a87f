// Without a server: the page opens, shows the text it knows, takes words and delivers them once; and the browser shows
// nobody what another person left in it.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';
import { becomes, chromiumArgs, group, ready, report, section, seesSign, seesText, Server, textOf, writeIn } from './support.mjs';

const forum = 'Forum function';
let server;
let one;
let two;

before(async () => {
  server = await Server.start({ Amina: 'chair', Bruno: 'member', Chen: 'member', Dina: 'observer' });
  [one, two] = [await server.signIn('Bruno'), await server.signIn('Chen')];
});

after(async () => {
  const problems = [one, two].flatMap((tab) => tab?.problems ?? []);
  await server?.stop();
  assert.deepEqual(problems, []);
});

const place = () => `${server.url}/g/${group}/r/${report}`;

/** Leaves a page although edits wait. */
async function reload(tab) {
  tab.once('dialog', (dialog) => dialog.accept());
  await tab.reload();
}

/** The page's own files and its texts, these words among them, are in the browser. */
async function isKept(tab, words = '') {
  await seesSign(tab, /Everything saved/);
  await becomes(
    tab,
    async ([wanted]) => {
      if (navigator.serviceWorker.controller === null) return false;
      const name = (await indexedDB.databases()).map((d) => d.name).find((n) => n.startsWith('bossey-text-'));
      if (name === undefined) return false;
      const database = await new Promise((done) => (indexedDB.open(name).onsuccess = (event) => done(event.target.result)));
      const all = database.transaction('texts').objectStore('texts').getAll();
      const rows = await new Promise((done) => (all.onsuccess = () => done(all.result)));
      database.close();
      return rows.length >= 4 && (wanted === '' || rows.some((row) => new TextDecoder().decode(row.update).includes(wanted)));
    },
    [words],
  );
}

const seesNote = (tab, pattern) =>
  tab.waitForFunction(([source]) => new RegExp(source).test(document.querySelector('.offline-note')?.textContent ?? ''), [pattern.source]);

const times = (text, words) => text.split(words).length - 1;

test('a reload while the server is stopped shows the report, takes words, and they arrive once', async () => {
  await writeIn(two, forum, ' Last words heard.');
  await seesText(one, forum, 'Last words heard.');
  await isKept(one, 'heard.');
  await server.kill();
  await one.reload();
  await ready(one);
  await seesText(one, forum, 'Last words heard.');
  await seesNote(one, /^\s*Offline: text as of \d\d:\d\d\./);
  await one.locator('bossey-outline .name', { hasText: 'Capacity-building' }).waitFor();
  assert.match(await section(one, forum).innerText(), /Draft/);
  assert.ok((await one.locator('p.disclaimer').count()) > 0, 'a text that is not agreed says so offline, too');
  await writeIn(one, forum, ' From the cellar.');
  await seesNote(one, /17 edits waiting/);
  await reload(one);
  await ready(one);
  await seesText(one, forum, 'From the cellar.');
  await seesNote(one, /17 edits waiting/);
  await server.run();
  await seesSign(one, /Everything saved/);
  await seesText(two, forum, 'From the cellar.');
  await one.locator('.offline-note').waitFor({ state: 'detached' });
  for (const tab of [one, two]) assert.equal(times(await textOf(tab, forum), 'From the cellar.'), 1);
  assert.equal(await textOf(one, forum), await textOf(two, forum));
});

test('an observer reads offline and cannot write', async () => {
  const observer = await server.signIn('Dina');
  await isKept(observer);
  await server.kill();
  await observer.reload();
  await ready(observer);
  await seesNote(observer, /Offline: text as of/);
  assert.equal(await observer.locator('[contenteditable="true"], [contenteditable="plaintext-only"], .text[tabindex]').count(), 0);
  await server.run();
  await observer.context().close();
  await Promise.all([seesSign(one, /Everything saved/), seesSign(two, /Everything saved/)]);
});

test('words typed offline outlive the browser', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'bossey-profile-'));
  const launch = () => chromium.launchPersistentContext(folder, { executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: chromiumArgs });
  let browser = await launch();
  try {
    let tab = browser.pages()[0] ?? (await browser.newPage());
    await tab.goto(server.linkFor('Amina'));
    await tab.goto(place());
    await ready(tab);
    await isKept(tab);
      await server.kill();
    await tab.reload();
    await ready(tab);
    await writeIn(tab, forum, ' Over night.');
    await seesNote(tab, /12 edits waiting/);
    await browser.close();
    await server.run();
    browser = await launch();
    tab = browser.pages()[0] ?? (await browser.newPage());
    await tab.goto(place());
    await ready(tab);
    await seesSign(tab, /Everything saved/);
    await seesText(two, forum, 'Over night.');
    assert.equal(times(await textOf(two, forum), 'Over night.'), 1);
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  }
});

test('two tabs of one browser neither double nor lose edits, also when one of them is closed', async () => {
  const other = await one.context().newPage();
  other.problems = [];
  await other.goto(place());
  await ready(other);
  await Promise.all([seesSign(one, /Everything saved/), seesSign(other, /Everything saved/)]);
  await server.kill();
  await Promise.all([seesSign(one, /Offline/), seesSign(other, /Offline/)]);
  await writeIn(one, 'Introduction', ' First tab.');
  await writeIn(other, 'Introduction', ' Second tab.');
  await writeIn(other, 'Capacity-building', ' Left behind.');
  await seesSign(one, /11 edits waiting/);
  await seesSign(other, /25 edits waiting/);
  await other.close({ runBeforeUnload: false });
  await server.run();
  await seesSign(one, /Everything saved/);
  await seesText(two, 'Introduction', 'First tab.');
  await seesText(two, 'Introduction', 'Second tab.');
  await seesText(two, 'Capacity-building', 'Left behind.');
  await seesSign(one, /Everything saved/);
  const intro = await textOf(two, 'Introduction');
  for (const words of ['First tab.', 'Second tab.']) assert.equal(times(intro, words), 1, intro);
  assert.equal(times(await textOf(two, 'Capacity-building'), 'Left behind.'), 1);
  await reload(one);
  await ready(one);
  assert.equal(await textOf(one, 'Introduction'), intro);
});

test('somebody else who opens their link in the same browser sees nothing the first one left, and sends none of it', async () => {
  const shared = await server.signIn('Amina');
  await isKept(shared);
  const guest = await shared.context().newPage();
  await guest.goto(server.linkFor('Dina'));
  await guest.locator('.cards, bossey-section').first().waitFor();
  // The first one's tab notices whose browser it is now when it connects anew.
  await server.kill();
  await seesSign(shared, /Offline/);
  await writeIn(shared, forum, ' Not the guest’s.');
  await server.run();
  await shared.waitForFunction(() => document.querySelector('.account .menu strong')?.textContent === 'Dina');
  await seesSign(shared, /Everything saved/);
  assert.ok(!(await textOf(two, forum)).includes('Not the guest'));
  const names = await shared.evaluate(async () => (await indexedDB.databases()).map((d) => d.name).sort());
  assert.equal(names.filter((name) => name.startsWith('bossey-text-')).length, 1, names.join());
  // Back again: the first one's words were waiting for their owner.
  await shared.goto(server.linkFor('Amina'));
  await seesText(two, forum, 'Not the guest’s.');
  await shared.context().close();
});

test('a personal link opened while the connection fails shows nobody the text of the person before', async () => {
  const shared = await server.signIn('Chen');
  await isKept(shared);
  const link = server.linkFor('Dina');
  await server.kill();
  await shared.goto(link).catch(() => undefined);
  await shared.waitForURL(/^chrome-error:/).catch(() => undefined);
  await shared.goto(place());
  await shared.locator('h1', { hasText: 'cannot be reached' }).waitFor();
  assert.equal(await shared.locator('bossey-section').count(), 0);
  await server.run();
  await shared.context().close();
  await seesSign(two, /Everything saved/);
});

test('signing out leaves no text in the browser', async () => {
  const shared = await server.signIn('Chen');
  await isKept(shared);
  await shared.locator('.account summary').click();
  await shared.getByRole('button', { name: 'Sign out' }).click();
  await shared.locator('h1', { hasText: 'personal link' }).waitFor();
  await becomes(shared, async () => (await indexedDB.databases()).every((d) => !d.name.startsWith('bossey-')));
  assert.deepEqual(await shared.evaluate(() => Object.keys(localStorage).filter((key) => key !== 'bossey-language')), []);
  await server.kill();
  await shared.goto(place());
  await shared.locator('h1', { hasText: 'cannot be reached' }).waitFor();
  await server.run();
  await shared.context().close();
});
