// Consensus acted out in browsers: an objection that ends in new wording, a silence procedure that is broken, and the
// chair's four keys in the middle of the night.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { group, report, section, seesLine, seesNotice, seesSign, seesText, Server, writeIn } from './support.mjs';

let server;
let chair;
let secretariat;
let member;
let observer;

before(async () => {
  server = await Server.start({ Amina: 'chair', Selma: 'secretariat', Bruno: 'member', Olga: 'observer' });
  [chair, secretariat, member, observer] = [
    await server.signIn('Amina'),
    await server.signIn('Selma'),
    await server.signIn('Bruno'),
    await server.signIn('Olga'),
  ];
});

after(async () => {
  const problems = [chair, secretariat, member, observer].flatMap((tab) => tab?.problems ?? []);
  await server?.stop();
  assert.deepEqual(problems, []);
});

/** Makes a section the current one without putting the cursor into its text. */
async function at(tab, title) {
  await section(tab, title).locator('.line .mark').click();
  await tab.waitForFunction((t) => document.querySelector('bossey-section.now .title')?.textContent === t, title);
}

async function more(tab, title, entry) {
  await at(tab, title);
  await section(tab, title).locator('summary', { hasText: 'More' }).click();
  await section(tab, title).getByRole('button', { name: entry }).click();
}

test('an objection with the wording one could live with ends in new wording, and in agreement', async () => {
  await at(member, 'Forum function');
  await section(member, 'Forum function').getByRole('button', { name: 'Object' }).click();
  await member.getByRole('button', { name: 'Send' }).click();
  await member.locator('dialog .problem', { hasText: 'Give the reason' }).waitFor();
  await member.getByLabel('Reason').fill('It founds a new body.');
  await member.getByLabel('What wording could you live with?').fill('a new space for dialogue, without a new body');
  await member.getByRole('button', { name: 'Send' }).click();
  await seesNotice(member, /Your objection is recorded/);

  // The chair reads words and holder; everybody else a count.
  const card = section(chair, 'Forum function').locator('.position');
  await card.waitFor();
  assert.match(await card.innerText(), /It founds a new body[\s\S]*without a new body/);
  assert.match(await card.innerText(), /Bruno/);
  await seesLine(observer, 'Forum function', /1 objection/);
  assert.equal(await section(observer, 'Forum function').locator('.position').count(), 0);
  await at(chair, 'Forum function');
  await chair.keyboard.press('a');
  await seesNotice(chair, /Answer the objection, or change the text/);

  await writeIn(secretariat, 'Forum function', ' No new body is founded.');
  await seesText(chair, 'Forum function', 'No new body is founded.');
  await seesNotice(member, /Keep or withdraw\?/);
  const own = section(member, 'Forum function').locator('.position');
  await own.getByText('It was to earlier words').waitFor();
  await own.getByRole('button', { name: 'Withdraw' }).click();
  await own.waitFor({ state: 'detached' });

  await at(chair, 'Forum function');
  await chair.waitForFunction(() => document.querySelector('bossey-section.now .objections') === null);
  await chair.keyboard.press('a');
  await chair.locator('dialog.objection').waitFor();
  await seesNotice(chair, /So decided/);
  await seesLine(observer, 'Forum function', /✓\s*Agreed/);
});

test('a silence procedure reaches every member on every page, and one objection breaks it', async () => {
  await more(chair, 'Capacity-building', 'Call for consensus');
  const dialog = chair.locator('dialog.question');
  await dialog.getByLabel('Question to all members').fill('Can everybody live with this section?');
  await dialog.getByRole('button', { name: 'Open the call' }).click();
  await chair.locator('.call h1', { hasText: 'Can everybody live' }).waitFor();
  assert.match(await chair.locator('.call').innerText(), /UTC/);

  const banner = member.locator('.call-banner');
  await banner.waitFor();
  assert.equal(await observer.locator('.call-banner').count(), 0);
  await chair.locator('.columns', { hasText: 'reached and silent' }).waitFor();
  await banner.getByRole('link', { name: 'Read and answer' }).click();
  await member.locator('.call .exact', { hasText: 'Resources should be provided' }).waitFor();
  await chair.locator('.columns', { hasText: 'opened and silent' }).waitFor();

  // Meanwhile the section is decided in no other way.
  const id = await chair.evaluate(() => fetch('/api/groups/plenary/calls/1').then((r) => r.json()).then((c) => c.sections[0].section));
  assert.ok(id);
  await member.locator('.own-answer').getByRole('button', { name: 'Object', exact: true }).click();
  await member.getByLabel('Reason').fill('Who pays is left open.');
  await member.locator('dialog').getByRole('button', { name: 'Object' }).click();
  await member.locator('.call .state', { hasText: 'The silence is broken' }).waitFor();
  await chair.locator('.call .state', { hasText: 'The silence is broken' }).waitFor();
  await chair.locator('.call .position', { hasText: 'Who pays is left open.' }).waitFor();
  assert.equal(await member.getByRole('button', { name: 'No objection' }).count(), 0);
  await chair.getByRole('button', { name: 'End without result' }).click();
  await chair.locator('dialog').getByRole('button', { name: 'End without result' }).click();
  await chair.locator('.call .state', { hasText: 'Ended without result' }).waitFor();
  for (const tab of [chair, member]) await tab.goto(`${server.url}/g/${group}/r/${report}`);
  await section(chair, 'Capacity-building').locator('.position', { hasText: 'Who pays' }).waitFor();
});

test('a call whose text moves is suspended, and the chair asks again', async () => {
  await more(chair, 'Introduction', 'Call for consensus');
  const dialog = chair.locator('dialog.question');
  await dialog.getByLabel('Question to all members').fill('And this one?');
  await dialog.getByRole('button', { name: 'Open the call' }).click();
  await chair.locator('.call .state', { hasText: 'Open' }).waitFor();
  await writeIn(secretariat, 'Introduction', ' In Geneva.');
  await chair.locator('.call .state.suspended').waitFor();
  await chair.getByRole('button', { name: 'Ask again with the new text' }).click();
  await chair.locator('dialog').getByRole('button', { name: 'Ask again with the new text' }).click();
  await chair.locator('.call .state.open').waitFor();
  await chair.getByRole('button', { name: 'End without result' }).click();
  await chair.locator('dialog').getByRole('button', { name: 'End without result' }).click();
  await chair.locator('.call .state.ended').waitFor();
  await chair.goto(`${server.url}/g/${group}/r/${report}`);
});

test('at half past one the chair needs four keys and the sign that all is saved', async () => {
  await seesText(chair, 'Introduction', 'In Geneva.');
  await seesSign(chair, /Everything saved/);
  await at(chair, 'Introduction');
  await chair.keyboard.press('r');
  await seesNotice(chair, /how many are present/);
  await chair.getByLabel('Present').fill('1');
  await chair.getByLabel('Present').blur();
  await at(chair, 'Introduction');
  const keys = section(chair, 'Introduction').locator('.keys');
  for (const letter of ['A', 'R', 'B', 'L']) await keys.locator('kbd', { hasText: new RegExp(`^${letter}$`) }).waitFor();

  await chair.keyboard.press('b');
  await seesLine(observer, 'Introduction', /\[ \]\s*In brackets/);
  assert.match(await chair.locator('.chair-bar').innerText(), /3 left[\s\S]*1 in brackets[\s\S]*Everything saved/);
  await chair.keyboard.press('u');
  await seesLine(observer, 'Introduction', /D\s*Draft/);
  await seesNotice(chair, /Decision taken back/);
  await chair.keyboard.press('r');
  await seesLine(observer, 'Introduction', /ar\s*Agreed ad referendum/);

  // Later parks it: the next unsettled one is current.
  await chair.keyboard.press('l');
  await chair.waitForFunction(() => document.querySelector('bossey-section.now .title')?.textContent === 'Capacity-building');
  await chair.keyboard.press('n');
  await chair.waitForFunction(() => document.querySelector('bossey-section.now .title')?.textContent !== 'Capacity-building');

  // In a text they are letters.
  await writeIn(chair, 'Introduction', ' Barblan.');
  await seesText(observer, 'Introduction', 'Barblan.');
  assert.equal(await chair.locator('dialog[open]').count(), 0);
  await chair.keyboard.press('Escape');
  await seesSign(chair, /Everything saved/);
  await at(chair, 'Introduction');
  await chair.keyboard.press('a');
  await chair.locator('dialog.objection').waitFor();
  await seesNotice(chair, /So decided/);
  await seesLine(observer, 'Introduction', /✓\s*Agreed/);
});

test('Object ends the pause at once, and there is time for the reason', async () => {
  await at(chair, 'القسم العربي');
  await chair.keyboard.press('a');
  await member.locator('.asked').getByRole('button', { name: 'Object' }).click();
  await seesNotice(chair, /There is an objection/);
  await member.getByLabel('Reason').fill('The translation differs.');
  await member.getByRole('button', { name: 'Send' }).click();
  await section(chair, 'القسم العربي').locator('.position', { hasText: 'The translation differs.' }).waitFor();
  await section(chair, 'القسم العربي').locator('.position').getByRole('button', { name: 'Answer' }).click();
  await chair.locator('dialog textarea').fill('The Arabic text was compared today.');
  await chair.locator('dialog').getByRole('button', { name: 'Answer' }).click();
  await section(member, 'القسم العربي').locator('.position', { hasText: 'compared today' }).waitFor();
  await at(chair, 'القسم العربي');
  await chair.keyboard.press('a');
  await seesNotice(chair, /So decided/);
  await seesLine(observer, 'القسم العربي', /~\s*Rough consensus/);
});
