// "Any objection?" at the real server: real pages type while the chair asks, object, vanish, or the server is killed.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { newKey, Server, until } from './server.mjs';

const markdown = '# Small\n\n## One\n\nThe group should meet.\n\n## Two\n\nNobody pays.\n';
let server, chair, member, observer;
before(async () => {
  server = await Server.make();
  await server.command('group', 'create', 'wgig', '--name', 'WGIG');
  chair = await server.join('wgig', 'Chair', 'chair');
  member = await server.join('wgig', 'Member', 'member');
  observer = await server.join('wgig', 'Observer', 'observer');
  assert.equal((await member.call('PATCH', '/api/groups/wgig', { key: newKey(), objection_pause_s: 1 })).status, 403);
  assert.equal((await chair.call('PATCH', '/api/groups/wgig', { key: newKey(), objection_pause_s: 1 })).status, 204);
});
after(() => server.remove());

async function ask(slug) {
  assert.equal((await chair.post('/api/groups/wgig/imports', { slug, markdown })).status, 201);
  const [section] = (await chair.report(slug)).sections.map((one) => one.id);
  const page = await member.open(section).ready();
  const { text_id, content_hash } = await chair.section(slug, section);
  const shown = { kind: 'agree', text_id, content_hash };
  const asked = await chair.post(`/api/groups/wgig/reports/${slug}/sections/${section}/pauses`, shown);
  assert.equal(asked.status, 201, asked.text);
  return { section, page, shown, pause: asked.json.pause };
}
const pauseOver = (pause) => new Promise((wake) => setTimeout(wake, pause.left_ms + 20));

test('what is typed while the chair asks is not saved, and is a proposal when it is so decided', async () => {
  const { section, page, shown, pause } = await ask('decided');
  assert.equal(pause.seconds, 1);
  assert.equal((await member.report('decided')).pauses[0].id, pause.id);
  page.type(' Never.');
  const early = await chair.decide('decided', section, { ...shown, pause: pause.id });
  assert.equal(early.status, 409, early.text);
  // Refused as too early, not given up.
  await pauseOver(pause);
  assert.ok(page.provider.hasUnsyncedChanges);
  const decided = await chair.decide('decided', section, { ...shown, pause: pause.id });
  assert.equal(decided.status, 201, decided.text);
  await page.heard('late');
  assert.equal((await observer.section('decided', section)).text_id, shown.text_id);
  assert.deepEqual((await member.report('decided')).pauses, []);
  page.close();
});

test('an objection lets the held words into the text, and the chair hears that it is over', async () => {
  const { section, page, shown, pause } = await ask('objected');
  page.type(' But not on Sundays.');
  const path = `/api/groups/wgig/pauses/${pause.id}/objections`;
  assert.equal((await observer.post(path)).status, 403);
  assert.equal((await member.post(path)).status, 204);
  assert.equal((await member.post(path)).status, 409);
  await page.saved();
  assert.match((await observer.section('objected', section)).canonical, /not on Sundays/);
  await pauseOver(pause);
  const refused = await chair.decide('objected', section, { ...shown, pause: pause.id });
  assert.equal(refused.status, 409);
  assert.match(refused.json.error.message, /Ask again/);
  page.close();
});

test('a chair whose page vanishes holds nothing for ever', async () => {
  const { section, page, pause } = await ask('vanished');
  page.type(' Still here.');
  await until(() => !page.provider.hasUnsyncedChanges, 'the pause ran out', (pause.seconds + 20) * 1000);
  assert.match((await observer.section('vanished', section)).canonical, /Still here/);
  assert.equal((await observer.section('vanished', section)).status.closed, false);
  page.close();
});

test('kill -9 while the chair asks: the section is open, and the held words arrive when the page comes back', async () => {
  const { section, page, shown, pause } = await ask('killed');
  page.type(' Held.');
  const { port } = new URL(server.url);
  await server.stop('SIGKILL');
  await server.start(port);
  await page.saved();
  assert.match((await observer.section('killed', section)).canonical, /Held/);
  assert.equal((await observer.section('killed', section)).status.closed, false);
  assert.equal((await chair.decide('killed', section, { ...shown, pause: pause.id })).status, 409);
  page.close();
});
