// A member proposes, another one writes with, a rival appears, the chair adopts one, and the other says what was
// overtaken. Then a reload, a cut connection and two tabs, as in a section.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { seesNotice, seesSign, seesText, section, Server, textOf } from './support.mjs';

const forum = 'Forum function';
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

const card = (tab, number) => section(tab, forum).locator('.proposal', { has: tab.locator('h4', { hasText: `Proposal ${number}` }) });
const desk = (tab) => section(tab, forum).locator('.proposing .words-of-proposal .words');

async function propose(tab) {
  await section(tab, forum).getByRole('button', { name: 'Propose a change', exact: true }).click();
  await desk(tab).waitFor();
}

/** Selects a word of the proposal by double click and types over it. */
async function typeOver(tab, word, words) {
  await desk(tab).focus();
  await tab.evaluate(
    ([wanted]) => {
      const root = document.querySelector('.words-of-proposal .words');
      const walk = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
      for (let node = walk.nextNode(); node !== null; node = walk.nextNode()) {
        const at = node.data.indexOf(wanted);
        if (at < 0) continue;
        const range = document.createRange();
        range.setStart(node, at);
        range.setEnd(node, at + wanted.length);
        const selection = document.getSelection();
        selection.removeAllRanges();
        selection.addRange(range);
        return;
      }
      throw new Error(`no ${wanted}`);
    },
    [word],
  );
  await tab.keyboard.type(words);
}

async function sees(tab, number, words) {
  await card(tab, number).filter({ hasText: words }).waitFor();
}

test('a member proposes a change; the text stays, and others read it as a redline', async () => {
  await propose(one);
  await typeOver(one, 'recommends', 'proposes');
  await seesSign(one, /Everything saved/);
  for (const tab of [chair, two, observer]) {
    await sees(tab, 1, 'proposes');
    assert.equal(await card(tab, 1).locator('del').first().innerText().then((t) => t.includes('recommends')), true);
    assert.ok((await textOf(tab, forum)).includes('recommends'));
    assert.ok(!(await section(tab, forum).innerText()).includes('Bruno wrote'));
  }
  assert.equal(await card(observer, 1).getByRole('button', { name: /Adopt|Refuse|Withdraw|Write/ }).count(), 0);
  assert.equal(await card(two, 1).getByRole('button', { name: /Adopt|Refuse/ }).count(), 0);
});

test('another member writes with them, live', async () => {
  await card(two, 1).getByRole('button', { name: 'Write with them' }).click();
  await desk(two).waitFor();
  await two.waitForFunction(() => document.querySelector('.words-of-proposal')?.textContent.includes('proposes'));
  await typeOver(two, 'dialogue', 'open debate');
  await one.waitForFunction(() => document.querySelector('.words-of-proposal')?.textContent.includes('open debate'));
  await desk(two).press('Control+z');
  await one.waitForFunction(() => !document.querySelector('.words-of-proposal')?.textContent.includes('open debate'));
  await section(two, forum).getByRole('button', { name: 'Done' }).click();
  await seesNotice(two, /Proposal 1 stands beside the text/);
});

test('what is typed without a connection, and over a reload, comes into the proposal once', async () => {
  await one.network.cut();
  await typeOver(one, 'equal', 'even');
  await seesSign(one, /Offline, .* waiting/);
  await one.reload();
  one.network.join();
  await desk(one).waitFor();
  await sees(chair, 1, 'even');
  await seesSign(one, /Everything saved/);
  assert.equal((await desk(one).innerText()).split('even ').length, 2);
});

test('a rival is marked on both, and the text can be shown with one of them', async () => {
  await propose(two);
  await typeOver(two, 'recommends', 'suggests');
  await section(two, forum).locator('.proposing label', { hasText: 'must' }).locator('input').check();
  await section(two, forum).getByRole('button', { name: 'Done' }).click();
  await sees(chair, 2, 'suggests');
  await sees(chair, 2, 'changes the same words as 1');
  await sees(chair, 1, 'changes the same words as 2');
  await card(chair, 2).getByRole('button', { name: 'Show in the text' }).click();
  await section(chair, forum).locator('.in-place ins', { hasText: 'suggests' }).waitFor();
  assert.equal(await section(chair, forum).locator('.text').isVisible(), false);
  await card(chair, 2).getByRole('button', { name: 'Show the text' }).click();
  await section(chair, forum).locator('.text').waitFor({ state: 'visible' });
});

test('the chair adopts one as shown; the other says which of its words have no place any more', async () => {
  await section(one, forum).getByRole('button', { name: 'Done' }).click();
  await card(chair, 1).getByRole('button', { name: 'Adopt…' }).click();
  const dialog = chair.locator('dialog');
  await dialog.locator('.preview ins', { hasText: 'proposes' }).waitFor();
  assert.equal(await dialog.locator('button').count(), 2);
  await dialog.getByText('Part of 2 will have no place any more').waitFor();
  await dialog.getByRole('button', { name: 'Adopt', exact: true }).click();
  for (const tab of [chair, one, two, observer]) await seesText(tab, forum, 'The group proposes a new space');
  await sees(two, 2, 'The text has moved on');
  assert.ok((await card(two, 2).locator('.overtaken').innerText()).includes('suggests'));
  await card(one, 1).waitFor({ state: 'detached' });
});

test('its author brings it up to date and goes on', async () => {
  await card(two, 2).getByRole('button', { name: 'Bring up to date' }).click();
  await card(two, 2).getByText('Left out when it was brought up to date').waitFor();
  await card(two, 2).getByRole('button', { name: 'Write on' }).click();
  await desk(two).waitFor();
  await typeOver(two, 'proposes', 'suggests');
  await section(two, forum).getByRole('button', { name: 'Done' }).click();
  await sees(chair, 2, 'suggests');
});

test('Agree names what is open, and sets it aside when the chair says so', async () => {
  await section(chair, forum).getByRole('button', { name: /^Agree/ }).click();
  const dialog = chair.locator('dialog');
  await dialog.getByText('1 proposal is still open').waitFor();
  await dialog.getByRole('button', { name: 'Set aside and agree' }).click();
  await seesNotice(chair, /So decided/);
  await sees(two, 2, 'set aside');
});
