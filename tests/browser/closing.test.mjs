// A report closed with one section left open, and an editorial correction flagged after it was applied.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { group, ready, report, section, seesLine, seesNotice, seesText, Server, textOf } from './support.mjs';

let server;
let chair;
let secretariat;
let member;
let other;
const page = () => `${server.url}/g/${group}/r/${report}/closing`;
const text = () => `${server.url}/g/${group}/r/${report}`;

before(async () => {
  server = await Server.start({ Amina: 'chair', Selma: 'secretariat', Bruno: 'member', Chiara: 'member' });
  [chair, secretariat, member, other] = [
    await server.signIn('Amina'),
    await server.signIn('Selma'),
    await server.signIn('Bruno'),
    await server.signIn('Chiara'),
  ];
});

after(async () => {
  const problems = [chair, secretariat, member, other].flatMap((tab) => tab?.problems ?? []);
  await server?.stop();
  assert.deepEqual(problems, []);
});

/** Agreed aloud, in one step. */
async function agree(title) {
  const id = await section(chair, title).getAttribute('id');
  const status = await chair.evaluate(
    async ([g, r, s]) => {
      const at = `/api/groups/${g}/reports/${r}/sections/${s}`;
      const shown = await (await fetch(at)).json();
      const body = { key: crypto.randomUUID(), kind: 'agree', asked_aloud: true, text_id: shown.text_id, content_hash: shown.content_hash };
      const headers = { 'Content-Type': 'application/json', 'Bossey-Request': '1' };
      return (await fetch(`${at}/decisions`, { method: 'POST', headers, body: JSON.stringify(body) })).status;
    },
    [group, report, id],
  );
  assert.equal(status, 201);
  await seesLine(chair, title, /✓ Agreed/);
}

async function answer(tab, button) {
  await tab.locator('dialog').getByRole('button', { name: button, exact: true }).click();
  await tab.locator('dialog').waitFor({ state: 'detached' });
}

const phaseIs = (tab, phase) => tab.locator('.phases [aria-current="step"]', { hasText: phase }).waitFor();
const card = (tab, number) => tab.locator(`.corrections [data-correction="${number}"]`);

/** As a person drags over words. */
async function select(tab, title, words) {
  await section(tab, title)
    .locator('.text')
    .evaluate((element, wanted) => {
      const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
        const at = node.textContent.indexOf(wanted);
        if (at < 0) continue;
        getSelection().setBaseAndExtent(node, at, node, at + wanted.length);
        return;
      }
      throw new Error(`no words ${wanted}`);
    }, words);
}

test('the chair closes the report; what is in the way is listed, and one section is left open by decision', async () => {
  for (const title of ['Introduction', 'Forum function', 'القسم العربي']) await agree(title);
  await chair.locator('.closing-banner a').click();
  await phaseIs(chair, 'Drafting');
  await chair.getByRole('button', { name: 'Take the report to plenary…' }).click();
  await answer(chair, 'To plenary');
  await phaseIs(chair, 'Plenary');
  const close = chair.getByRole('button', { name: 'Close the report…' });
  assert.equal(await close.isDisabled(), true);
  const way = chair.locator('.in-the-way li');
  assert.equal(await way.count(), 1);
  assert.match(await way.innerText(), /Capacity-building/);
  assert.equal(await way.locator('a').getAttribute('href'), await member.evaluate(() => {
    const found = [...document.querySelectorAll('bossey-section')].find((s) => s.querySelector('.title').textContent === 'Capacity-building');
    return `${location.pathname}#${found.id}`;
  }));
  // Whoever is no chair reads the same list, without buttons.
  await member.goto(page());
  await member.locator('.in-the-way li', { hasText: 'Capacity-building' }).waitFor();
  assert.equal(await member.locator('.closing-page').getByRole('button').count(), 0);
  await way.locator('input').check();
  await chair.getByRole('button', { name: 'Leave the chosen sections open' }).click();
  await chair.locator('.left-open li', { hasText: 'Capacity-building' }).waitFor();
  await chair.locator('input[name=quiet]').fill('0');
  await close.click();
  await answer(chair, 'Close the report');
  await phaseIs(chair, 'Closed, editorial window');
  await phaseIs(member, 'Closed, editorial window');
  await member.goto(text());
  await ready(member);
  await member.locator('.closing-banner.closed', { hasText: 'Version F-1' }).waitFor();
  await section(member, 'Capacity-building').locator('.text p').first().click();
  await member.keyboard.type('late');
  assert.doesNotMatch(await textOf(member, 'Capacity-building'), /late/);
  assert.equal(await member.locator('.chair-bar').count(), 0);
  await chair.goto(text());
  await ready(chair);
  assert.equal(await chair.locator('.chair-bar').count(), 0, 'nothing is decided on sections any more');
});

test('a member files an editorial correction on selected words; the secretariat applies it', async () => {
  await select(member, 'Introduction', 'in the open');
  await member.locator('.correcting button').click();
  assert.equal(await member.locator('dialog textarea').inputValue(), 'in the open');
  await member.getByRole('button', { name: 'Next' }).click();
  await member.locator('dialog .problem', { hasText: 'Change at least one word.' }).waitFor();
  await member.locator('dialog textarea').fill('openly');
  await member.getByRole('button', { name: 'Next' }).click();
  await member.locator('dialog input[value=editorial]').waitFor();
  assert.equal(await member.locator('dialog input[value=editorial]').isChecked(), true);
  await answer(member, 'File the correction');
  await seesNotice(member, /Correction 1 is filed/);
  await secretariat.goto(page());
  await card(secretariat, 1).waitFor();
  assert.match(await card(secretariat, 1).innerText(), /in the open\s+openly/);
  assert.equal(await card(secretariat, 1).getByRole('button', { name: 'Flag as substantive' }).count(), 0);
  await card(secretariat, 1).getByRole('button', { name: 'Apply' }).click();
  await card(secretariat, 1).getByText('Applied', { exact: true }).waitFor();
  await secretariat.locator('.releases li', { hasText: 'Version F-1.1' }).waitFor();
  await seesText(member, 'Introduction', 'It worked openly.');
  await seesLine(member, 'Introduction', /✓ Agreed/);
});

test('another member flags it after it was applied: the closed words are back, everywhere', async () => {
  await other.goto(page());
  await card(other, 1).getByRole('button', { name: 'Flag as substantive' }).click();
  await other.locator('dialog', { hasText: 'taken out of the text at once' }).waitFor();
  await answer(other, 'Flag as substantive');
  await card(other, 1).getByText('Needs unanimous consent').waitFor();
  await card(secretariat, 1).getByText('Needs unanimous consent').waitFor();
  await seesText(member, 'Introduction', 'It worked in the open.');
  await secretariat.locator('.releases li', { hasText: 'Version F-1.2' }).waitFor();
  // Version F-1.1 says for ever what it said.
  const printed = await secretariat.evaluate((at) => fetch(at).then((r) => r.text()), `/g/${group}/r/${report}/releases/F-1.1/print`);
  assert.match(printed, /It worked openly\./);
  assert.match(printed, /SHA-256 [0-9a-f]{64}/);
});

test('words that may be substance are marked, and the class is chosen before', async () => {
  await select(member, 'Forum function', 'All stakeholders');
  await member.locator('.correcting button').click();
  await member.locator('dialog textarea').fill('Some stakeholders');
  await member.getByRole('button', { name: 'Next' }).click();
  await member.locator('dialog .risks mark', { hasText: 'All' }).waitFor();
  assert.equal(await member.locator('dialog input[value=substantive]').isChecked(), true);
  await member.keyboard.press('Escape');
  await member.locator('dialog').waitFor({ state: 'detached' });
});
