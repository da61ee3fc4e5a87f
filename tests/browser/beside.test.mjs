// What stands beside the text: brackets with reasons, four options written at once, a wrong import undone, a copy in
// another report, the wording of a disclaimer.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ready, section, seesLine, seesNotice, seesSign, seesText, Server, textOf, writeIn } from './support.mjs';

const forum = 'Forum function';
const capacity = 'Capacity-building';
const intro = 'Introduction';
let server;
let chair;
let secretariat;
let one;
let two;

before(async () => {
  server = await Server.start({ Amina: 'chair', Sofia: 'secretariat', Bruno: 'member', Chen: 'member' });
  [chair, secretariat, one, two] = [
    await server.signIn('Amina'),
    await server.signIn('Sofia'),
    await server.signIn('Bruno'),
    await server.signIn('Chen'),
  ];
});

after(async () => {
  const problems = [chair, secretariat, one, two].flatMap((tab) => tab?.problems ?? []);
  await server?.stop();
  assert.deepEqual(problems, []);
});

const card = (tab, title) => section(tab, title).locator('bossey-brackets');
const menu = (tab, title) => section(tab, title).locator('details.more');

async function choose(tab, title, words) {
  await menu(tab, title).locator('summary').click();
  await menu(tab, title).locator('.menu').getByText(words).click();
}

/** The words are really selected: pointer and layout settle later than the text. */
async function bracket(tab, title, words) {
  await section(tab, title).locator('.text p').first().click();
  await tab.waitForFunction(
    ([t, wanted]) => {
      const found = [...document.querySelectorAll('bossey-section')].find((s) => s.querySelector('.title')?.textContent === t);
      const walker = document.createTreeWalker(found.querySelector('.text'), NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
        const at = node.data.indexOf(wanted);
        if (at < 0) continue;
        document.getSelection().setBaseAndExtent(node, at, node, at + wanted.length);
        return document.getSelection().toString() === wanted && document.activeElement?.matches('.words') === true;
      }
      return false;
    },
    [title, words],
  );
  await tab.keyboard.press('Control+Shift+b');
  await section(tab, title).locator('.bracket', { hasText: words }).waitFor();
}

test('typed brackets lack a reason until their writer gives one, and only chair and owner see whose they are', async () => {
  await bracket(one, forum, 'new space');
  await seesSign(one, /Everything saved/);
  await seesLine(chair, forum, /1 bracket/);
  await section(one, forum).locator('.brackets-key').click();
  await card(one, forum).getByText('Reason missing').waitFor();
  await card(one, forum).getByRole('button', { name: 'Give a reason' }).click();
  await one.locator('dialog input[name="reason"]').fill('Which space?');
  await one.locator('dialog button.main').click();
  await card(one, forum).getByText('You asked for these').waitFor();
  await section(chair, forum).locator('.bracket-sign').first().click();
  await card(chair, forum).getByText('Which space?').waitFor();
  await card(chair, forum).getByText('Asked for by Bruno').waitFor();
  await section(two, forum).locator('.brackets-key').click();
  await card(two, forum).getByText('Which space?').waitFor();
  assert.ok(!(await card(two, forum).innerText()).includes('Bruno'));
  assert.equal(await card(two, forum).getByRole('button', { name: 'Lift' }).count(), 0);
  await chair.keyboard.press('Escape');
});

test('a member asks for brackets, the secretariat sets them, and both count in outline and report', async () => {
  await choose(two, forum, 'Ask for brackets');
  await two.locator('dialog textarea').fill('equal footing');
  await two.locator('dialog input[name="reason"]').fill('Not our words');
  await two.locator('dialog button.main').click();
  await seesNotice(two, /Brackets asked for/);
  await section(secretariat, forum).locator('.brackets-key').click();
  await card(secretariat, forum).getByRole('button', { name: 'Set brackets' }).click();
  await section(two, forum).locator('.bracket', { hasText: 'equal footing' }).waitFor();
  await chair.locator('bossey-outline .inside', { hasText: '[2]' }).waitFor();
  await chair.locator('.report-line', { hasText: '2 brackets in the report' }).waitFor();
});

test('Agree names the brackets and lifts all, or puts the section in brackets', async () => {
  await seesLine(chair, forum, /2 brackets/);
  await section(chair, forum).locator('.keys button.main').click();
  const dialog = chair.locator('dialog.question');
  await dialog.getByText('[new space]').waitFor();
  await dialog.getByText('Not our words').waitFor();
  assert.equal(await dialog.locator('.row button').count(), 2);
  await dialog.getByRole('button', { name: 'Put section in brackets' }).click();
  await seesLine(one, forum, /In brackets/);
  await section(chair, forum).locator('.keys button.main').click();
  await dialog.getByRole('button', { name: 'Lift all 2' }).click();
  await seesNotice(chair, /2 brackets lifted/);
  await one.waitForFunction(() => document.querySelector('bossey-section .text .bracket') === null);
  assert.match(await textOf(one, forum), /recommends a new space for dialogue/);
});

test('a wrong import into agreed text is shown, and undone by Restore agreed text', async () => {
  await section(chair, intro).locator('.keys button.main').click();
  await chair.locator('dialog.objection').waitFor();
  await seesLine(one, intro, /Agreed/);
  await choose(chair, intro, 'Reopen');
  await chair.locator('dialog input[name="reason"]').fill('A word from the floor');
  await chair.locator('dialog button.main').click();
  await seesLine(one, intro, /reopened/);
  await writeIn(one, intro, ' ');
  await one.keyboard.press('Control+a');
  await one.evaluate(() => {
    const data = new DataTransfer();
    data.setData('text/plain', 'Wholly other words of another paper.');
    document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
  });
  await seesText(chair, intro, 'Wholly other words');
  await seesLine(chair, intro, /changed since/);
  await seesLine(chair, intro, /\d+ words changed since/);
  await section(chair, intro).getByRole('link', { name: 'Show change' }).waitFor();
  await section(chair, intro).getByRole('button', { name: 'Restore agreed text' }).click();
  await chair.locator('dialog button.main').click();
  await seesText(one, intro, 'The group met four times');
  await chair.waitForFunction(() => {
    const found = [...document.querySelectorAll('bossey-section')].find((s) => s.querySelector('.title')?.textContent === 'Introduction');
    const line = found?.querySelector('.line')?.textContent ?? '';
    return line.includes('Agreed') && !line.includes('changed since');
  });
  assert.ok(!(await textOf(one, intro)).includes('other paper'));
});

test('four options are written at once by four people, compared, agreed as a set, and printed alike', async () => {
  await choose(chair, capacity, 'Present alternatives');
  const dialog = chair.locator('dialog.question');
  for (const [index, letter] of ['A', 'B', 'C', 'D'].entries()) {
    await dialog.locator(`input[name="title${index}"]`).fill(`Model ${letter}`);
    await dialog.locator(`input[name="room${index}"]`).fill(`Salle ${index + 1}`);
  }
  await dialog.locator('button.main').click();
  const tabs = [chair, secretariat, one, two];
  const models = ['Model A', 'Model B', 'Model C', 'Model D'];
  for (const tab of tabs) for (const model of models) await section(tab, model).waitFor();
  await section(chair, 'Model A').getByText('Resources should be provided').waitFor();
  await Promise.all(
    tabs.map(async (tab, index) => {
      await section(tab, models[index]).locator('.text').click();
      await tab.keyboard.press('Control+End');
      await tab.keyboard.type(` Option number ${index + 1} is written here.`);
      await seesSign(tab, /Everything saved/);
    }),
  );
  for (const [index, model] of models.entries()) await seesText(two, model, `Option number ${index + 1} is written here.`);
  const frame = await section(chair, capacity).getAttribute('id');

  // Compared side by side, live.
  await section(one, capacity).getByRole('link', { name: 'Compare the options' }).click();
  await one.locator('bossey-alternatives .option').nth(3).waitFor();
  await one.locator('bossey-alternatives .option', { hasText: 'Option number 4' }).waitFor();
  await writeIn(two, 'Model D', ' And more.');
  await one.locator('bossey-alternatives .option', { hasText: 'And more.' }).waitFor();
  await one.locator('.pairs button').first().click();
  await one.locator('.between ins').first().waitFor();
  const widths = await one.locator('bossey-alternatives .option').evaluateAll((all) => all.map((o) => Math.round(o.getBoundingClientRect().width)));
  assert.equal(new Set(widths).size, 1);

  await seesSign(two, /Everything saved/);
  await seesText(chair, 'Model D', 'And more.');
  await choose(chair, capacity, 'Present as alternatives');
  await chair.locator('dialog.objection').waitFor();
  for (const title of [capacity, ...models]) await seesLine(two, title, /Presented as alternatives/);

  await one.goto(`${server.url}/g/plenary/r/final/print`);
  const boxes = await one.locator('.options > .option').evaluateAll((all) =>
    all.map((o) => ({ size: [o.getBoundingClientRect().width, o.getBoundingClientRect().height].map(Math.round).join('×'), head: o.querySelector('h3')?.textContent ?? '' })),
  );
  assert.equal(boxes.length, 4);
  assert.equal(new Set(boxes.map((box) => box.size)).size, 1, JSON.stringify(boxes));
  assert.deepEqual(boxes.map((box) => box.head.match(/\.([A-D]) /)?.[1]), ['A', 'B', 'C', 'D']);
  assert.match(await one.locator('body').innerText(), /presented without preference/);
  await one.goto(`${server.url}/g/plenary/r/final#${frame}`);
  await ready(one);
});

test('a section put after another takes a name that stays', async () => {
  await choose(secretariat, forum, 'Add a section after this one');
  await secretariat.locator('dialog input[name="title"]').fill('Inserted');
  await secretariat.locator('dialog label', { hasText: '2 bis' }).click();
  await secretariat.locator('dialog button.main').click();
  await section(chair, 'Inserted').locator('.no', { hasText: '2 bis' }).waitFor();
  await section(chair, capacity).locator('.no', { hasText: /^3$/ }).waitFor();
});

test('the chair words a disclaimer, sees it before it is kept, and everybody reads it', async () => {
  await chair.goto(`${server.url}/g/plenary/wordings?report=final`);
  const purpose = chair.locator('[data-clause="purpose"] textarea');
  await purpose.fill('For the {group} to go on with.');
  await chair.locator('.preview', { hasText: 'For the Plenary group to go on with.' }).waitFor();
  await chair.locator('.preview button.main').click();
  await seesNotice(chair, /Wording kept/);
  await two.locator('.disclaimer', { hasText: 'For the Plenary group to go on with.' }).first().waitFor();
  await chair.goto(`${server.url}/g/plenary/r/final`);
  await ready(chair);
});

test('a copied excerpt and the projector’s foot carry the short form', async () => {
  const copied = await two.evaluate(() => {
    const found = [...document.querySelectorAll('bossey-section')].find((s) => s.querySelector('.title')?.textContent === 'Forum function');
    const range = document.createRange();
    range.selectNodeContents(found.querySelector('.text'));
    document.getSelection().removeAllRanges();
    document.getSelection().addRange(range);
    const data = new DataTransfer();
    document.dispatchEvent(new ClipboardEvent('copy', { clipboardData: data, bubbles: true, cancelable: true }));
    return data.getData('text/plain');
  });
  assert.match(copied, /not agreed/);
  const shown = await section(two, forum).getAttribute('id');
  await two.goto(`${server.url}/g/plenary/r/final/projector#${shown}`);
  await two.locator('.projector footer', { hasText: /not agreed|In brackets/ }).waitFor();
  await two.goto(`${server.url}/g/plenary/r/final`);
  await ready(two);
});

test('a copy in another report is a draft that names the agreed text it was edited from', async () => {
  await secretariat.locator('.report-line details.more summary').click();
  await secretariat.getByText('Use as a draft for another report').click();
  await secretariat.locator('dialog input[name="title"]').fill('Second report');
  await secretariat.locator('dialog button.main').click();
  await secretariat.waitForURL(/second-report/);
  await section(secretariat, intro).locator('.origin summary', { hasText: /taken from/ }).waitFor();
  await seesLine(secretariat, intro, /Draft/);
  await writeIn(secretariat, intro, ' Edited.');
  await seesSign(secretariat, /Everything saved/);
  await section(secretariat, intro).locator('.origin summary').click();
  await section(secretariat, intro).locator('.origin ins', { hasText: 'Edited' }).waitFor();
});
