// The page in the languages of its people: chosen by the browser or in the menu, with Arabic from right to left.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { section, seesSign, seesText, Server, writeIn } from './support.mjs';

let server;
let one;

before(async () => {
  server = await Server.start({ Amina: 'chair', Bruno: 'member' });
});

after(async () => {
  const problems = one?.problems ?? [];
  await server?.stop();
  assert.deepEqual(problems, []);
});

test('the browser’s language is the page’s, and only that one is loaded', async () => {
  one = await server.signIn('Bruno', { locale: 'fr-CH' });
  await seesSign(one, /Tout est enregistré/);
  assert.equal(await one.evaluate(() => document.documentElement.lang), 'fr');
  const loaded = await one.evaluate(() => performance.getEntriesByType('resource').map((e) => e.name).filter((name) => /\/(ar|zh|fr|ru|es)-/.test(name)));
  assert.deepEqual(loaded.map((name) => name.match(/\/(..)-[^/]*$/)[1]), ['fr']);
  await one.locator('bossey-outline summary, nav.outline').first().waitFor({ state: 'attached' });
});

test('a language chosen in the menu holds after a reload, and Arabic turns the page around without losing a word', async () => {
  await writeIn(one, 'Forum function', ' Avant.');
  await one.locator('.account summary').click();
  await one.locator('.languages select').selectOption('ar');
  await seesSign(one, /حُفظ كل شيء/);
  assert.equal(await one.evaluate(() => getComputedStyle(document.documentElement).direction), 'rtl');
  await seesText(one, 'Forum function', 'Avant.');
  const [outline, paper] = await Promise.all([one.locator('.beside').boundingBox(), one.locator('.paper').boundingBox()]);
  assert.ok(outline.x > paper.x, 'the outline stands on the right');
  // What the server says stays in the group's language.
  assert.match(await section(one, 'Forum function').locator('.mark').first().innerText(), /Draft/);
  await writeIn(one, 'Forum function', ' Après.');
  await one.reload();
  await seesText(one, 'Forum function', 'Avant. Après.');
  assert.equal(await one.evaluate(() => document.documentElement.dir), 'rtl');
  assert.ok(await one.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), 'nothing stands out at the side');
});

test('a language that cannot be had leaves the page in its own', async () => {
  await one.evaluate(() => localStorage.setItem('bossey-language', 'xx'));
  await one.reload();
  await seesSign(one, /Everything saved/);
});
