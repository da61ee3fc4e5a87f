// Two members and a chair on one report: writing together, agreeing, being refused, late words, what changed.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ready, section, seesLine, seesNotice, seesSign, seesText, Server, textOf, writeIn } from './support.mjs';

const forum = 'Forum function';
const capacity = 'Capacity-building';
let server;
let chair;
let one;
let two;
let observer;

before(async () => {
  server = await Server.start({ Amina: 'chair', Bruno: 'member', Chen: 'member', Dina: 'observer' });
  [chair, one, two, observer] = [
    await server.signIn('Amina'),
    await server.signIn('Bruno', { cuttable: true }),
    await server.signIn('Chen'),
    await server.signIn('Dina'),
  ];
});

after(async () => {
  const problems = [chair, one, two, observer].flatMap((tab) => tab?.problems ?? []);
  await server?.stop();
  assert.deepEqual(problems, []);
});

test('words typed at the same place by two people are all kept', async () => {
  await section(one, forum).locator('.text p').first().click();
  await section(two, forum).locator('.text p').first().click();
  await one.keyboard.press('Control+Home');
  await two.keyboard.press('Control+Home');
  await Promise.all([one.keyboard.type('alpha alpha alpha '), two.keyboard.type('beta beta beta ')]);
  await Promise.all([seesSign(one, /Everything saved/), seesSign(two, /Everything saved/)]);
  for (const tab of [chair, one, two, observer]) {
    await tab.waitForFunction(() => {
      const text = document.body.innerText;
      return text.split('alpha').length === 4 && text.split('beta').length === 4;
    });
  }
  const texts = await Promise.all([chair, one, two, observer].map((tab) => textOf(tab, forum)));
  assert.equal(new Set(texts).size, 1);
});

test('everybody sees who is writing where, in a closed or read-only page too', async () => {
  for (const tab of [chair, observer]) {
    await seesLine(tab, forum, /Bruno/);
    await section(tab, forum).locator('.cursor').first().waitFor({ state: 'attached' });
  }
  await chair.locator('header .here li').nth(3).waitFor();
});

test('undo takes back one’s own words only', async () => {
  await one.keyboard.type('mistake ');
  await seesText(two, forum, 'mistake');
  await two.keyboard.type('gamma ');
  await seesText(one, forum, 'gamma');
  await one.keyboard.press('Control+z');
  await two.waitForFunction(() => !document.body.innerText.includes('mistake'));
  await seesText(one, forum, 'gamma');
});

test('an observer reads and cannot write', async () => {
  assert.equal(await observer.locator('[contenteditable="true"], [contenteditable="plaintext-only"]').count(), 0);
  await section(observer, forum).locator('.text p').first().click();
  await observer.keyboard.type('nothing');
  assert.ok(!(await textOf(observer, forum)).includes('nothing'));
  assert.equal(await observer.locator('button:has-text("Agree")').count(), 0);
  assert.equal(await one.locator('.keys button').count(), 0);
});

test('a title is edited in place and everybody sees it', async () => {
  const title = section(one, 'Introduction').locator('.title');
  await title.click();
  await one.keyboard.press('End');
  await one.keyboard.type(' and mandate');
  await section(two, 'Introduction and mandate').waitFor();
  await two.locator('bossey-outline .name', { hasText: 'Introduction and mandate' }).waitFor();
});

test('the cursor goes from one section into the next by arrow keys', async () => {
  await section(one, forum).locator('.text p').last().click();
  await one.keyboard.press('Control+End');
  await one.keyboard.press('ArrowDown');
  await one.waitForFunction(() => document.activeElement?.textContent === 'Capacity-building');
  await one.keyboard.press('ArrowDown');
  await one.waitForFunction(() => document.activeElement?.closest('bossey-section')?.querySelector('.title')?.textContent === 'Capacity-building' && document.activeElement.matches('.words'));
  await one.keyboard.press('ArrowUp');
  await one.keyboard.press('ArrowUp');
  await one.waitForFunction(() => document.activeElement?.closest('bossey-section')?.querySelector('.title')?.textContent === 'Forum function');
});

test('the chair agrees a section: it closes for everybody, and late words become a proposal of their author', async () => {
  await writeIn(one, capacity, ' Training of trainers matters.');
  await seesText(chair, capacity, 'trainers matters');
  await seesSign(one, /Everything saved/);
  await one.network.cut();
  await seesSign(one, /Offline/);
  await writeIn(one, capacity, ' Words typed too late.');
  await seesSign(one, /Offline, \d+ edits? waiting/);

  await section(chair, capacity).locator('.line .mark').click();
  await section(chair, capacity).getByRole('button', { name: /^Agree/ }).click();
  await chair.locator('dialog.objection', { hasText: 'Any objection?' }).waitFor();
  assert.ok((await chair.locator('dialog.objection .exact').innerText()).includes('Training of trainers matters.'));
  await seesNotice(chair, /So decided/);
  for (const tab of [chair, two, observer]) await seesLine(tab, capacity, /✓ Agreed/);
  assert.equal(await section(two, capacity).locator('[contenteditable="true"], .text[tabindex]').count(), 0);

  one.network.join();
  await seesNotice(one, /kept as proposal \d+/);
  await seesLine(one, capacity, /✓ Agreed/);
  await one.waitForFunction(() => !document.querySelector('p.saved')?.textContent?.includes('waiting'));
  for (const tab of [chair, two]) assert.ok(!(await textOf(tab, capacity)).includes('too late'));
  const card = section(one, capacity).locator('.proposal');
  await card.filter({ hasText: 'too late' }).waitFor();
  assert.ok(!(await textOf(one, capacity)).includes('too late'));
  const others = section(two, capacity).locator('.proposal');
  await others.waitFor();
  assert.ok(!(await others.innerText()).includes('too late'), 'the words are their author’s only');
  await card.getByRole('button', { name: 'Withdraw' }).click();
  await one.locator('dialog').getByRole('button', { name: 'Withdraw' }).click();
  await card.filter({ hasText: 'withdrawn' }).waitFor();
});

test('a section with brackets is not agreed, and the page says what to do', async () => {
  await section(two, forum).locator('.text p').last().click();
  await two.keyboard.press('Control+End');
  await two.keyboard.press('Control+Shift+ArrowLeft');
  await two.keyboard.press('Control+Shift+ArrowLeft');
  await two.locator('.tool[aria-label^="Square"]:enabled').waitFor();
  await two.keyboard.press('Control+Shift+b');
  await section(chair, forum).locator('.bracket').first().waitFor();
  await seesLine(chair, forum, /1 bracket/);
  await section(chair, forum).locator('.line .mark').click();
  await section(chair, forum).getByRole('button', { name: /^Agree/ }).click();
  const question = chair.locator('dialog', { hasText: 'still open' });
  await question.getByRole('button', { name: /Lift/ }).click();
  await two.waitForFunction(() => document.querySelector('.bracket') === null);
});

test('a letter typed during “Any objection?” waits, and an objection lets it into the text', async () => {
  await seesSign(chair, /Everything saved/);
  await chair.waitForFunction(() => document.querySelector('.bracket') === null);
  await section(chair, forum).getByRole('button', { name: /^Agree/ }).click();
  const dialog = chair.locator('dialog.objection');
  await dialog.waitFor();
  await two.locator('p.asked', { hasText: 'Any objection?' }).waitFor();
  await writeIn(two, forum, ' One letter more.');
  await two.locator('p.asked').getByRole('button', { name: 'Object' }).click();
  await dialog.waitFor({ state: 'detached' });
  await seesNotice(chair, /objection/);
  // There is time for the reason afterwards.
  await two.locator('dialog.question').waitFor();
  await two.keyboard.press('Escape');
  await two.locator('dialog.question').waitFor({ state: 'detached' });
  await seesText(chair, forum, 'One letter more');
  await seesLine(chair, forum, /Draft/);
  await seesSign(two, /Everything saved/);
  assert.equal(await observer.locator('p.asked').count(), 0);
});

test('reopening asks for a reason; the agreed text is shown as changed and can be restored', async () => {
  const line = section(chair, capacity);
  await line.locator('.line .mark').click();
  await line.locator('summary', { hasText: 'More' }).click();
  await line.getByRole('button', { name: 'Reopen' }).click();
  await chair.locator('dialog').getByRole('button', { name: 'Reopen' }).click();
  await chair.locator('dialog .problem').waitFor();
  await chair.locator('dialog input').fill('New wording from the region');
  await chair.locator('dialog').getByRole('button', { name: 'Reopen' }).click();
  await seesLine(two, capacity, /reopened/);
  await writeIn(two, capacity, ' Added after agreement.');
  await seesLine(chair, capacity, /changed since/);
  await line.getByRole('button', { name: 'Restore agreed text' }).click();
  await chair.locator('dialog').getByRole('button', { name: 'Restore' }).click();
  await two.waitForFunction(() => !document.body.innerText.includes('Added after agreement'));
  await seesLine(chair, capacity, /Agreed/);
});

test('the chair’s keys work outside the text: brackets, undo, next', async () => {
  const intro = section(chair, 'Introduction and mandate');
  await intro.locator('.line .mark').click();
  await chair.keyboard.press('b');
  await seesLine(two, 'Introduction and mandate', /\[ \] In brackets/);
  await intro.getByRole('button', { name: /^Undo/ }).first().waitFor();
  await chair.keyboard.press('u');
  await seesLine(two, 'Introduction and mandate', /Draft/);
  await chair.keyboard.press('n');
  await chair.waitForFunction(() => document.querySelector('bossey-section.now .title')?.textContent === 'Forum function');
  await section(chair, forum).locator('.text p').last().click();
  await chair.keyboard.type(' abn ');
  await seesText(two, forum, 'abn');
  await seesLine(two, forum, /Draft/);
});

test('what changed shows the words that came and went, inline and side by side', async () => {
  await seesSign(two, /Everything saved/);
  await two.locator('header a', { hasText: 'What changed' }).click();
  await two.locator('.choosing select').first().selectOption({ label: '3 Capacity-building' }).catch(() => two.locator('.choosing select').first().selectOption({ index: 3 }));
  await two.waitForFunction(() => (document.querySelectorAll('.choosing select')[1]?.options.length ?? 0) > 1);
  const oldest = await two.locator('.choosing select').nth(1).locator('option').count();
  await two.locator('.choosing select').nth(1).selectOption({ index: oldest - 1 });
  await two.locator('.redline ins', { hasText: 'Training' }).first().waitFor();
  await two.keyboard.press('n');
  await two.locator('.redline .chosen').waitFor();
  await two.locator('button', { hasText: 'Side by side' }).click();
  await two.locator('.sides ins', { hasText: 'Training' }).first().waitFor();
  await two.goBack();
  await ready(two);
});
