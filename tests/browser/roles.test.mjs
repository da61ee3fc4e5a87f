// What belongs to roles: the outline, options, people, import, and a text the page does not know.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { group, ready, report, section, seesLine, seesNotice, seesText, Server, textOf, writeIn } from './support.mjs';

let server;
let chair;
let secretariat;
let member;

before(async () => {
  server = await Server.start({ Amina: 'chair', Selma: 'secretariat', Bruno: 'member', Ada: 'administrator' });
  [chair, secretariat, member] = [await server.signIn('Amina'), await server.signIn('Selma'), await server.signIn('Bruno')];
});

after(async () => {
  const problems = [chair, secretariat, member].flatMap((tab) => tab?.problems ?? []);
  await server?.stop();
  assert.deepEqual(problems, []);
});

async function add(tab, button, title, kind) {
  await button.click();
  await tab.locator('dialog input').fill(title);
  if (kind !== undefined) await tab.locator('dialog select').selectOption(kind);
  await tab.locator('dialog').getByRole('button', { name: 'Add' }).click();
  await section(tab, title).waitFor();
}

test('the secretariat adds a section and moves it by keyboard; everybody’s outline follows', async () => {
  await add(secretariat, secretariat.getByRole('button', { name: 'Add section' }), 'Next steps');
  await member.locator('bossey-outline .name', { hasText: 'Next steps' }).waitFor();
  await secretariat.locator('bossey-outline a', { hasText: 'Next steps' }).focus();
  await secretariat.keyboard.press('Alt+ArrowUp');
  await member.waitForFunction(() => [...document.querySelectorAll('bossey-outline .name')].at(-2)?.textContent === 'Next steps');
  assert.equal(await member.getByRole('button', { name: 'Add section' }).count(), 0);
});

test('the secretariat drags a section in the outline, by mouse and by finger', async () => {
  const order = (tab) => tab.locator('bossey-outline .name').allInnerTexts();
  const isBefore = (tab, first, second) =>
    tab.waitForFunction(
      ([a, b]) => {
        const names = [...document.querySelectorAll('bossey-outline .name')].map((e) => e.textContent);
        return names.indexOf(a) >= 0 && names.indexOf(a) < names.indexOf(b);
      },
      [first, second],
    );
  await secretariat.getByRole('button', { name: 'Change outline' }).click();
  const item = (title) => secretariat.locator('bossey-outline li', { has: secretariat.locator('.name', { hasText: title }) });
  const middle = async (locator) => {
    const { x, y, width, height } = await locator.boundingBox();
    return [x + width / 2, y + height / 2];
  };
  const before = await order(secretariat);
  await secretariat.mouse.move(...(await middle(item('Next steps').locator('.grip'))));
  await secretariat.mouse.down();
  const goal = await item('Forum function').locator('a').boundingBox();
  await secretariat.mouse.move(goal.x + 60, goal.y + goal.height / 2, { steps: 5 });
  await item('Forum function').and(secretariat.locator('.drop-inside')).waitFor();
  await secretariat.keyboard.press('Escape');
  await secretariat.mouse.up();
  assert.deepEqual(await order(secretariat), before, 'Escape gives the drag up');
  await secretariat.mouse.move(...(await middle(item('Next steps').locator('.grip'))));
  await secretariat.mouse.down();
  await secretariat.mouse.move(goal.x + 60, goal.y + 2, { steps: 5 });
  await secretariat.mouse.up();
  await isBefore(member, 'Next steps', 'Forum function');

  const finger = async (type, x, y) =>
    item('Next steps').locator('.grip').dispatchEvent(type, { pointerId: 1, pointerType: 'touch', isPrimary: true, button: 0, buttons: 1, clientX: x, clientY: y, bubbles: true });
  await item('Next steps').locator('.grip').evaluate((grip) => (grip.setPointerCapture = () => undefined));
  const end = await item('Capacity-building').locator('a').boundingBox();
  await finger('pointerdown', ...(await middle(item('Next steps').locator('.grip'))));
  await finger('pointermove', end.x + 60, end.y + end.height - 2);
  await finger('pointerup', end.x + 60, end.y + end.height - 2);
  await isBefore(member, 'Capacity-building', 'Next steps');
  await secretariat.getByRole('button', { name: 'Done' }).click();
});

test('one section has an address, a print and a download of its own; the way back leads to where one was', async () => {
  const capacity = section(member, 'Capacity-building');
  await capacity.locator('.line .mark').click();
  await capacity.locator('summary', { hasText: 'More' }).click();
  const print = await capacity.getByRole('link', { name: 'Print this section' }).getAttribute('href');
  const printed = await (await member.request.get(server.url + print)).text();
  assert.match(printed, /Resources should be provided/);
  assert.doesNotMatch(printed, /new space for dialogue/);
  const download = await capacity.getByRole('link', { name: 'Download this section' }).getAttribute('href');
  assert.match(await (await member.request.get(server.url + download)).text(), /Resources should be provided/);
  const id = await capacity.getAttribute('id');
  await member.waitForFunction((wanted) => history.state?.at === wanted, id);
  await member.locator('header a', { hasText: 'What changed' }).click();
  await member.locator('.redline-page').waitFor();
  await member.goBack();
  await ready(member);
  await member.waitForFunction((wanted) => document.querySelector('bossey-section.now')?.id === wanted, id);

  const linked = await member.context().newPage();
  await linked.goto(`${server.url}/g/${group}/r/${report}#${id}`);
  await linked.waitForFunction((wanted) => document.querySelector('bossey-section.now')?.id === wanted, id);
  await linked.close();
});

test('two options are presented as alternatives in one decision', async () => {
  await writeIn(chair, 'Introduction', ' These are the options.');
  await chair.locator('bossey-outline a', { hasText: 'Introduction' }).click();
  await chair.getByRole('button', { name: 'Change outline' }).click();
  const frame = section(chair, 'Introduction');
  await frame.locator('.line .mark').click();
  const inside = () => chair.locator('bossey-outline li', { hasText: 'Introduction' }).first().getByRole('button', { name: 'Add a section inside' });
  await chair.locator('bossey-outline a', { hasText: 'Introduction' }).focus();
  await add(chair, inside(), 'Option one', 'alternative');
  await chair.locator('bossey-outline a', { hasText: 'Introduction' }).focus();
  await add(chair, inside(), 'Option two', 'alternative');
  for (const option of ['Option one', 'Option two']) {
    const text = section(chair, option).locator('.text');
    await text.click();
    await chair.keyboard.type(`${option}: words.`);
    await seesText(member, option, 'words.');
  }
  await chair.waitForFunction(() => /Everything saved/.test(document.querySelector('p.saved')?.textContent ?? ''));
  await frame.locator('.line .mark').click();
  await frame.locator('summary', { hasText: 'More' }).click();
  await frame.getByRole('button', { name: 'Present as alternatives' }).click();
  const dialog = chair.locator('dialog.objection');
  await dialog.waitFor();
  assert.match(await dialog.innerText(), /Option one: words\.[\s\S]*Option two: words\.|Option two: words\.[\s\S]*Option one: words\./);
  await seesNotice(chair, /So decided/);
  await seesLine(member, 'Introduction', /A\/B/);
});

test('a text with parts the page does not know is shown read-only and never damaged', async () => {
  const id = await section(member, 'Forum function').getAttribute('id');
  await member.evaluate((where) => {
    const { body } = document.getElementById(where).document.replica;
    const Element = body.get(0).constructor;
    const Text = body.get(0).get(0).constructor;
    const strange = new Element('video');
    strange.insert(0, [new Text('unknown words')]);
    body.insert(0, [strange]);
  }, id);
  for (const tab of [member, chair]) {
    await section(tab, 'Forum function').locator('.problem').waitFor();
    await seesText(tab, 'Forum function', 'unknown words');
    assert.equal(await section(tab, 'Forum function').locator('[contenteditable="true"]').count(), 0);
  }
  await section(chair, 'Forum function').locator('.text p').last().click();
  await chair.keyboard.type('nothing');
  assert.ok(!(await textOf(member, 'Forum function')).includes('nothing'));
});

test('the secretariat imports a report and reads what needs a look', async () => {
  await secretariat.goto(`${server.url}/g/${group}`);
  const markdown = '# Imported\n\n## One\n\nText.[^a] And ![a picture](x.png).\n\n[^a]: Note.\n\n## Two\n\nMore.\n';
  await secretariat.setInputFiles('input[type=file]', { name: 'r.md', mimeType: 'text/markdown', buffer: Buffer.from(markdown) });
  await secretariat.getByRole('button', { name: 'Import' }).click();
  await secretariat.locator('.imported .notes li', { hasText: 'Line' }).first().waitFor();
  await secretariat.locator('.imported a').click();
  await section(secretariat, 'One').waitFor();
  await secretariat.goto(`${server.url}/g/${group}/r/${report}`);
  await ready(secretariat);
});

test('the administrator adds a person, whose link signs in once', async () => {
  const context = await server.browser.newContext({ viewport: { width: 1440, height: 900 } });
  const admin = await context.newPage();
  await admin.goto(server.linkFor('Ada'));
  await admin.goto(`${server.url}/g/${group}/people`);
  await admin.locator('.adding input[name=name]').fill('Emeka');
  await admin.locator('.adding').getByRole('button', { name: 'Add' }).click();
  const link = await admin.locator('.new-link input').inputValue();
  const other = await (await server.browser.newContext()).newPage();
  await other.goto(link);
  await other.waitForURL(/\/g\//);
  await admin.locator('.person', { hasText: 'Emeka' }).getByRole('button', { name: 'Remove' }).click();
  await admin.locator('dialog').getByRole('button', { name: 'Remove' }).click();
  await admin.locator('.person', { hasText: 'Emeka' }).waitFor({ state: 'detached' });
  await other.locator('h1', { hasText: 'personal link' }).waitFor();
});

test('the projector shows one section in large type and no names', async () => {
  await chair.goto(`${server.url}/g/${group}/r/${report}/projector`);
  await chair.locator('.projector .words').waitFor();
  const size = await chair.locator('.projector .words').evaluate((e) => parseFloat(getComputedStyle(e).fontSize));
  assert.ok(size >= 28, `${size} px`);
  assert.ok(!/Bruno|Selma|Amina/.test(await chair.locator('body').innerText()));
  await chair.keyboard.press('ArrowRight');
  await chair.locator('.projector .head', { hasText: /\S/ }).waitFor();
});
