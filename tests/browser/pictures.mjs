// Takes the pictures of docs/images from the demonstration group. By hand: node tests/browser/pictures.mjs
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { becomes, freePort, section, seesLine, seesSign } from './support.mjs';

const root = resolve(fileURLToPath(new URL('../..', import.meta.url)));
const binary = process.env.BOSSEY_BINARY ?? join(root, 'build/release/bossey');
const images = process.env.BOSSEY_IMAGES ?? join(root, 'docs/images');
const data = mkdtempSync(join(tmpdir(), 'bossey-pictures-'));
const port = await freePort();
const url = `http://127.0.0.1:${port}`;
const said = spawnSync(binary, ['demo', '--data', data, '--public-url', url], { encoding: 'utf8' }).stdout;
const links = Object.fromEntries([...said.matchAll(/^\s+(\w+)\s+(http\S+)/gm)].map((match) => [match[1], match[2]]));
const client = process.env.BOSSEY_CLIENT ?? join(root, 'client-web/dist');
const server = spawn(binary, ['serve', '--data', data, '--port', String(port), '--client', client], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
await new Promise((done) => server.stdout.on('data', (chunk) => String(chunk).includes('listening') && done()));
mkdirSync(images, { recursive: true });
process.on('exit', () => server.kill('SIGKILL'));

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--headless', '--no-sandbox', '--disable-gpu'] });

async function open(role, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  const tab = await context.newPage();
  await tab.goto(links[role]);
  await tab.locator('.cards a').first().click();
  await tab.waitForFunction(() => {
    const texts = [...document.querySelectorAll('bossey-section .text')];
    return texts.length > 10 && texts.every((text) => text.textContent !== '');
  });
  await tab.evaluate(() => document.fonts.ready);
  return tab;
}

async function show(tab, title) {
  await section(tab, title).evaluate((element) => element.scrollIntoView({ block: 'start' }));
}

const picture = (tab, name) => tab.screenshot({ path: join(images, `${name}.png`) });

const chair = await open('chair');
const member = await open('member');
const secretariat = await open('secretariat');

// Some history: an agreed section, one in brackets, people writing.
await chair.locator('.present input').fill('2');
await chair.keyboard.press('Tab');
await seesSign(chair, /Everything saved/);
await section(chair, 'Planning').locator('.mark').click();
await section(chair, 'Planning').getByRole('button', { name: /^Agree/ }).click();
await seesLine(chair, 'Planning', /✓ Agreed/);
const common = section(member, 'Warnings').locator('.text p').first();
await common.click();
await member.keyboard.press('End');
for (let i = 0; i < 3; i += 1) await member.keyboard.press('Control+Shift+ArrowLeft');
await member.locator('.tool[aria-label^="Square"]:enabled').waitFor();
await member.keyboard.press('Control+Shift+b');
await section(chair, 'Warnings').locator('.bracket').first().waitFor();
await section(chair, 'Warnings').locator('.line .mark').click();
// The first time the chair's page may still know the text of before, and is refused.
while (!/In brackets/.test(await section(member, 'Warnings').locator('.line').innerText())) {
  await section(chair, 'Warnings').getByRole('button', { name: /^Brackets/ }).click();
  await member.waitForTimeout(2_000);
}
await section(member, 'Warnings').locator('.text p').first().click();
await member.keyboard.press('End');
await section(secretariat, 'Measuring').locator('.text p').last().click();
await seesLine(chair, 'Warnings', /is in this section/);
await show(chair, 'Warnings');
await chair.locator('.notice').first().waitFor({ state: 'detached' });
await picture(chair, 'report');

await section(chair, 'Storing').locator('.line .mark').click();
await section(chair, 'Storing').getByRole('button', { name: /^Agree/ }).click();
await chair.locator('dialog.objection').waitFor();
await picture(chair, 'agree');
await chair.locator('dialog.objection button').click();

await secretariat.keyboard.press('Escape');
await secretariat.locator('.toolbar').waitFor({ state: 'detached' });
await show(secretariat, 'Names in the languages of the basin');
await picture(secretariat, 'rtl');

await section(member, 'Disputes').locator('.text p').last().click();
await member.keyboard.press('Control+End');
await member.keyboard.type(' A dispute is first put to a small panel of experts.');
await seesSign(member, /Everything saved/);
await member.locator('header a', { hasText: 'What changed' }).click();
await member.locator('.redline ins').first().waitFor();
await member.keyboard.press('n');
await picture(member, 'redline');

const projector = await open('observer', { viewport: { width: 1920, height: 1080 } });
await projector.locator('header a.wide', { hasText: 'Projector' }).click();
await projector.locator('.projector .words p').first().waitFor();
await projector.keyboard.press('ArrowRight');
await projector.keyboard.press('ArrowRight');
await projector.locator('.projector .head', { hasText: 'Warnings' }).waitFor();
await projector.locator('.projector .words p').first().waitFor();
await picture(projector, 'projector');

const phone = await browser.newContext({ viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2, storageState: await secretariat.context().storageState() });
const small = await phone.newPage();
await small.goto(secretariat.url());
await small.waitForFunction(() => document.querySelectorAll('bossey-section .text p').length > 20);
await small.evaluate(() => document.fonts.ready);
await show(small, 'Warnings');
await picture(small, 'phone');

// The page in Arabic, for the same person on another device.
const arabic = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'ar', storageState: await member.context().storageState() });
const turned = await arabic.newPage();
await turned.goto(secretariat.url());
await turned.waitForFunction(() => document.querySelectorAll('bossey-section .text p').length > 20);
await turned.evaluate(() => document.fonts.ready);
await show(turned, 'Warnings');
await section(turned, 'Warnings').locator('.mark').click();
await picture(turned, 'arabic');

const admin = await browser.newContext({ viewport: { width: 1440, height: 900 } });
const people = await admin.newPage();
await people.goto(links.administrator);
await people.locator('header a', { hasText: 'People' }).click();
await people.locator('.person').first().waitFor();
await picture(people, 'people');

// Last: the server stops, and the page goes on.
await member.goto(secretariat.url());
await member.waitForFunction(() => document.querySelectorAll('bossey-section .text p').length > 20);
await becomes(member, async () => {
  if (navigator.serviceWorker.controller === null) return false;
  const name = (await indexedDB.databases()).map((d) => d.name).find((n) => n.startsWith('bossey-text-'));
  if (name === undefined) return false;
  const database = await new Promise((done) => (indexedDB.open(name).onsuccess = (event) => done(event.target.result)));
  const texts = database.transaction('texts').objectStore('texts').count();
  const count = await new Promise((done) => (texts.onsuccess = () => done(texts.result)));
  database.close();
  return count > 10;
});
const stopped = new Promise((done) => server.once('exit', done));
server.kill('SIGKILL');
await stopped;
await member.reload();
await member.waitForFunction(() => document.querySelectorAll('bossey-section .text p').length > 20);
await show(member, 'Warnings');
await section(member, 'Warnings').locator('.text p').first().click();
await member.keyboard.press('End');
await member.keyboard.type(' This was written on the train.');
await member.locator('.offline-note', { hasText: 'waiting' }).waitFor();
await picture(member, 'offline');

await browser.close();
rmSync(data, { recursive: true, force: true });
