// Selecting over several sections, each of which is an editor of its own, and copying what is selected.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { section, seesNotice, seesSign, seesText, Server, textOf } from './support.mjs';

const forum = 'Forum function';
let server;
let one;
let chair;

before(async () => {
  server = await Server.start({ Amina: 'chair', Bruno: 'member' });
  [one, chair] = [await server.signIn('Bruno', { permissions: ['clipboard-read', 'clipboard-write'] }), await server.signIn('Amina')];
  await section(chair, 'Capacity-building').locator('.line .mark').click();
  await section(chair, 'Capacity-building').getByRole('button', { name: /^Agree/ }).click();
  await section(one, 'Capacity-building').locator('.mark.agreed').waitFor();
});

after(async () => {
  const problems = [one, chair].flatMap((tab) => tab?.problems ?? []);
  await server?.stop();
  assert.deepEqual(problems, []);
});

async function copied(tab) {
  await tab.evaluate(() => navigator.clipboard.writeText('nothing'));
  await tab.keyboard.press('Control+c');
  return tab.evaluate(() => navigator.clipboard.readText());
}

/** Presses until the selection holds the words: how many lines lie between is the browser's to say. */
async function extended(tab, key, words) {
  let text = '';
  for (let i = 0; i < 12 && !words.test(text); i += 1) {
    await tab.keyboard.press(key);
    text = await copied(tab);
  }
  assert.match(text, words);
  return text;
}

async function enter(tab, title) {
  await section(tab, title).locator('.text p').first().click();
  await section(tab, title).locator('.text [contenteditable="true"]').waitFor();
  await tab.waitForFunction(() => document.activeElement?.closest('.text [contenteditable="true"]') !== null);
}

const box = (tab, title, index) => section(tab, title).locator('.text p').nth(index).boundingBox();

test('select all once takes the section, twice the whole report, with each section’s disclaimer', async () => {
  await enter(one, forum);
  await one.keyboard.press('Control+a');
  const text = await copied(one);
  assert.match(text, /^\[Draft, not agreed\]\n\nThe group recommends/);
  assert.doesNotMatch(text, /met four times/);
  await one.keyboard.press('Control+a');
  const all = await copied(one);
  assert.match(all, /1 Introduction\n\n\[Draft, not agreed\]\n\nThe group met four times\. It worked in the open\./);
  assert.match(all, /2 Forum function\n\n\[Draft, not agreed\]\n\nThe group recommends a new space for dialogue\.\n\nAll stakeholders/);
  assert.match(all, /3 Capacity-building\n\nResources should be provided at national level\. \(See the Background Report\.\)/);
  assert.match(all, /توصي المجموعة/);
  assert.doesNotMatch(all, /What changed|Agreed \d|How it came/, 'the page’s own words are not copied');
});

test('while several sections are selected nothing is written, and a click ends it', async () => {
  await one.keyboard.type('x');
  await seesNotice(one, /Several sections are selected/);
  assert.ok(!(await textOf(one, forum)).includes('x'));
  await one.keyboard.press('Escape');
  await enter(one, forum);
  await one.keyboard.press('Control+End');
  await one.keyboard.type(' Written.');
  await seesText(chair, forum, 'Written.');
  await seesSign(one, /Everything saved/);
});

test('shift and arrows go over the edge of a section, forwards and back', async () => {
  await enter(one, 'Introduction');
  await one.keyboard.press('Control+End');
  for (let i = 0; i < 9; i += 1) await one.keyboard.press('Shift+ArrowLeft');
  await one.keyboard.press('Control+End');
  await one.keyboard.press('Control+Shift+ArrowLeft');
  await one.keyboard.press('ArrowRight');
  const down = await extended(one, 'Shift+ArrowDown', /Forum function/);
  assert.doesNotMatch(down, /met four times/);
  await one.keyboard.press('Escape');
  await enter(one, forum);
  await one.keyboard.press('Control+Home');
  await extended(one, 'Shift+ArrowUp', /Forum function/);
  await one.keyboard.press('Escape');
});

test('a click with shift and a drag with the mouse select from one section into another', async () => {
  await enter(one, 'Introduction');
  await one.keyboard.press('Control+Home');
  const to = await box(one, forum, 0);
  await one.keyboard.down('Shift');
  await one.mouse.click(to.x + to.width - 5, to.y + to.height / 2);
  await one.keyboard.up('Shift');
  const clicked = await copied(one);
  assert.match(clicked, /met four times[\s\S]*2 Forum function[\s\S]*The group recommends a new space/);
  assert.doesNotMatch(clicked, /All stakeholders/);
  await one.keyboard.press('Escape');

  await enter(one, 'Introduction');
  await enter(one, forum);
  const from = await box(one, 'Introduction', 0);
  await one.mouse.move(from.x + 2, from.y + from.height / 2);
  await one.mouse.down();
  await one.mouse.move(from.x + 60, from.y + from.height / 2, { steps: 3 });
  await one.mouse.move(to.x + to.width - 5, to.y + to.height / 2, { steps: 8 });
  await one.mouse.up();
  assert.match(await copied(one), /met four times[\s\S]*The group recommends a new space/);
  await one.keyboard.press('Escape');
  await enter(one, forum);
});

test('the browser finds words in sections where no editor is', async () => {
  assert.equal(await one.evaluate(() => window.find('Resources should be provided')), true);
  assert.equal(await one.evaluate(() => document.getSelection().anchorNode.parentElement.closest('bossey-section').querySelector('.title').textContent), 'Capacity-building');
});
