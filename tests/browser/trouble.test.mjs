// What must never lose a word: a dropped connection, a closed page, a server that dies under the fingers.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ready, section, seesNotice, seesSign, seesText, Server, textOf, writeIn } from './support.mjs';

const forum = 'Forum function';
let server;
let one;
let two;

before(async () => {
  server = await Server.start({ Bruno: 'member', Chen: 'member' });
  [one, two] = [await server.signIn('Bruno', { cuttable: true }), await server.signIn('Chen')];
});

after(async () => {
  const problems = [one, two].flatMap((tab) => tab?.problems ?? []);
  await server?.stop();
  assert.deepEqual(problems, []);
});

/** Lets the browser's store open later than the report arrives, as on a slow disk. */
function openStoreLate() {
  const { open } = IDBFactory.prototype;
  IDBFactory.prototype.open = function (...place) {
    const request = open.apply(this, place);
    Object.defineProperty(request, 'onsuccess', {
      set: (heard) => request.addEventListener('success', (event) => setTimeout(() => heard.call(request, event), 700)),
    });
    return request;
  };
}

test('words typed offline survive a reload and reach the others once online', async () => {
  await one.addInitScript(openStoreLate);
  await one.network.cut();
  await seesSign(one, /Offline/);
  await writeIn(one, forum, ' Written on the train.');
  await seesSign(one, /Offline, 22 edits waiting/);
  const warned = new Promise((done) => one.once('dialog', (dialog) => dialog.accept().then(() => done(dialog.type()))));
  await one.reload();
  assert.equal(await warned, 'beforeunload');
  await seesSign(one, /Offline, 22 edits waiting/);
  assert.ok(!(await textOf(two, forum)).includes('train'));
  one.network.join();
  await seesText(two, forum, 'Written on the train.');
  await seesSign(one, /Everything saved/);
  await ready(one);
  assert.equal((await textOf(one, forum)).split('train').length, 2, 'once, not twice');
});

test('nothing saved is kept in the browser any longer', async () => {
  const left = await one.evaluate(async () => {
    const names = (await indexedDB.databases()).map((d) => d.name).filter((name) => name.startsWith('bossey-edits'));
    const database = await new Promise((done) => {
      const request = indexedDB.open(names[0]);
      request.onsuccess = () => done(request.result);
    });
    return new Promise((done) => {
      const request = database.transaction('edits').objectStore('edits').count();
      request.onsuccess = () => done(request.result);
    });
  });
  assert.equal(left, 0);
});

test('a page whose text has come to differ from the server’s loads it afresh', async () => {
  await one.evaluate((title) => {
    const found = [...document.querySelectorAll('bossey-section')].find((s) => s.querySelector('.title')?.textContent === title);
    const live = found.document;
    // As if an update had been lost on its way: changed here, told to nobody.
    live.replica.doc.transact(() => live.replica.body.get(0).get(0).insert(0, 'astray '), live.provider);
  }, forum);
  await seesText(one, forum, 'astray');
  await one.waitForFunction(() => !document.body.innerText.includes('astray'));
  await seesText(one, forum, 'Written on the train.');
  assert.ok(!(await textOf(two, forum)).includes('astray'));
});

test('words typed into a paragraph that is deleted before they arrive are kept as a proposal, also after a reload', async () => {
  for (const reloads of [false, true]) {
    const words = reloads ? 'Second thoughts' : 'First thoughts';
    await section(two, 'Introduction').locator('.text p').last().click();
    await two.keyboard.press('Control+End');
    await two.keyboard.press('Enter');
    await two.keyboard.type('Short-lived.');
    await seesText(one, 'Introduction', 'Short-lived.');
    await seesSign(one, /Everything saved/);
    one.network.mute();
    await writeIn(one, 'Introduction', words);
    if (reloads) {
      await one.network.cut();
      await seesSign(one, /Offline, \d+ edits waiting/);
    }
    await two.evaluate(() => {
      const { body } = [...document.querySelectorAll('bossey-section')][0].document.replica;
      body.delete(body.length - 1, 1);
    });
    if (reloads) {
      const warned = new Promise((done) => one.once('dialog', (dialog) => dialog.accept().then(done)));
      await Promise.all([one.reload(), warned]);
      one.network.join();
      one.network.mute();
      await ready(one);
    }
    await one.waitForFunction(() => !document.body.innerText.includes('Short-lived.'));
    await one.network.cut();
    await seesSign(one, /Offline/);
    one.network.join();
    await seesNotice(one, /kept as proposal \d+/);
    await section(one, 'Introduction').locator('.proposal', { hasText: words }).waitFor();
    await seesSign(one, /Everything saved/);
    await one.locator('.notice button').first().click();
  }
});

test('a page whose words do not arrive says so within five seconds, and the others see that person as away', async () => {
  await Promise.all([seesSign(one, /Everything saved/), seesSign(two, /Everything saved/)]);
  one.network.mute();
  await writeIn(one, forum, ' Unheard.');
  const typed = Date.now();
  await seesSign(one, /Not arriving: \d+ edits waiting/);
  // The machine may be busy; the page's own clock is not.
  assert.ok(Date.now() - typed < 7_000, `${Date.now() - typed} ms`);
  await two.locator('header .here .away').waitFor();
  assert.match(await two.locator('header .here').getAttribute('title'), /Bruno \(away\)/);
  one.network.join();
  await seesSign(one, /Everything saved/);
  await two.locator('header .here .away').waitFor({ state: 'detached' });
  await seesText(two, forum, 'Unheard.');
});

test('the server is killed under typing: pages reconnect by themselves, no word is missing, writing goes on', async () => {
  await section(one, forum).locator('.text p').first().click();
  await section(two, forum).locator('.text p').last().click();
  await one.keyboard.press('Control+Home');
  await two.keyboard.press('Control+End');
  const mine = Array.from({ length: 30 }, (_, i) => `one${i} `);
  const yours = Array.from({ length: 30 }, (_, i) => ` two${i}`);
  const typing = (async () => {
    for (let i = 0; i < 30; i += 1) await Promise.all([one.keyboard.type(mine[i]), two.keyboard.type(yours[i])]);
  })();
  await seesText(two, forum, 'one5');
  await server.kill();
  await typing;
  await Promise.all([seesSign(one, /Offline/), seesSign(two, /Offline/)]);
  await server.run();
  await Promise.all([seesSign(one, /Everything saved/), seesSign(two, /Everything saved/)]);
  await seesText(one, forum, 'two29');
  await seesText(two, forum, 'one29');
  for (const tab of [one, two]) {
    const text = await textOf(tab, forum);
    for (const word of [...mine, ...yours]) assert.ok(text.includes(word.trim()), `${word.trim()} is missing`);
  }
  assert.equal(await textOf(one, forum), await textOf(two, forum));
  await two.keyboard.type(' and on');
  await seesText(one, forum, 'and on');
});

test('a second kill right after “Everything saved” loses nothing', async () => {
  await two.keyboard.type(' last words');
  await seesSign(two, /Everything saved/);
  await server.kill();
  await two.close({ runBeforeUnload: false });
  await server.run();
  await seesSign(one, /Everything saved/);
  await one.reload();
  await ready(one);
  await seesText(one, forum, 'last words');
  two = null;
});
