// Proposals at the real server: real Yjs clients write a section and proposals beside it at once, the server is killed
// and comes back, and what is adopted is what the preview showed.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Editor, Server, until } from './server.mjs';

const markdown = '# Small\n\n## One\n\nStates should cooperate in the forum.\n\nNobody pays for it.\n';
const slug = 'small';
let server, chair, one, two, section, path;

before(async () => {
  server = await Server.make();
  await server.command('group', 'create', 'wgig', '--name', 'WGIG');
  chair = await server.join('wgig', 'Chair', 'chair');
  one = await server.join('wgig', 'Member One', 'member');
  two = await server.join('wgig', 'Member Two', 'member');
  assert.equal((await chair.post('/api/groups/wgig/imports', { slug, markdown })).status, 201);
  section = (await chair.report(slug)).sections[0].id;
  path = `/api/groups/wgig/reports/${slug}/sections/${section}`;
});
after(() => server.remove());

const proposals = async (who) => (await who.get(`${path}/proposals`)).json.proposals;
const proposal = async (who, number) => (await proposals(who)).find((p) => p.number === number);
const page = (who, name) => new Editor(who, section, name).ready();

/** Puts other words for the first occurrence in the body. */
function replace(editor, from, to) {
  const walk = (parent) => {
    for (const child of parent.toArray()) {
      if (typeof child.toDelta === 'function' && child.insert !== undefined && child.toArray === undefined) {
        const at = child.toDelta().map((op) => op.insert).join('').indexOf(from);
        if (at < 0) continue;
        editor.doc.transact(() => {
          child.delete(at, from.length);
          child.insert(at, to);
        });
        return true;
      }
      if (child.toArray !== undefined && walk(child)) return true;
    }
    return false;
  };
  assert.ok(walk(editor.doc.getXmlFragment('body')), from);
}

async function begin(who) {
  const made = await who.post(`${path}/proposals`);
  assert.equal(made.status, 201, made.text);
  return { number: made.json.number, editor: await page(who, made.json.document) };
}
async function adopt(numbers) {
  const shown = await chair.get(`${path}/adoptions?numbers=${numbers.join(',')}`);
  assert.equal(shown.status, 200, shown.text);
  const adopted = await chair.post(`${path}/adoptions`, { numbers, text_id: shown.json.text_id });
  assert.equal(adopted.status, 201, adopted.text);
  return shown.json;
}

test('two people write one proposal while a third writes the text; the chair adopts what the preview showed', async () => {
  const first = await begin(one);
  const beside = await page(two, first.editor.provider.configuration.name);
  const text = await page(two);
  replace(first.editor, 'should', 'shall');
  replace(beside, 'forum', 'council');
  text.type(' Or everybody does.');
  await Promise.all([first.editor.saved(), beside.saved(), text.saved()]);
  await until(() => first.editor.words() === beside.words(), 'both pages say the same');
  await until(async () => (await proposal(chair, first.number))?.canonical.includes('shall cooperate in the council'), 'the proposal is read');
  const shown = await adopt([first.number]);
  assert.match(shown.canonical, /States shall cooperate in the council\.\n/);
  assert.match(shown.canonical, /Nobody pays for it\.\nOr everybody does\.\n$/);
  assert.equal((await chair.section(slug, section)).canonical, shown.canonical);
  await until(() => text.words().includes('shall cooperate in the council'), 'the living text has it');
  for (const editor of [first.editor, beside, text]) editor.close();
});

test('words typed into a proposal survive a killed server, and those that come after its end are kept', async () => {
  const { number, editor } = await begin(one);
  replace(editor, 'council', 'assembly');
  await editor.saved();
  await server.stop('SIGKILL');
  const port = new URL(server.url).port;
  await server.start(port);
  editor.type(' At last.');
  await editor.saved();
  await until(async () => (await proposal(chair, number))?.canonical.includes('At last.'), 'the words are there');
  assert.match((await proposal(chair, number)).canonical, /assembly/);
  assert.equal((await chair.post(`/api/groups/wgig/proposals/${number}`, { move: 'refuse' })).status, 200);
  editor.type(' Too late.');
  const { proposal: kept } = await editor.heard('late');
  await until(async () => (await proposal(one, kept))?.canonical?.includes('Too late.'), 'kept as a late edit');
  assert.equal((await proposal(two, kept)).canonical, undefined);
  assert.equal((await one.post(`/api/groups/wgig/proposals/${kept}`, { move: 'hand_in' })).status, 200);
  assert.match((await proposal(two, kept)).canonical, /Too late\./);
  editor.close();
});

test('nothing of it names a person, and stock git reads its history', async () => {
  await until(async () => (await server.git('wgig', 'ls-tree', '--name-only', 'main', 'proposals/')).includes('proposals/1.md'), 'the files are there');
  const log = await server.git('wgig', 'log', '-p', 'main');
  assert.ok(!/Member (One|Two)|Chair@|"author"/.test(log));
  assert.match(await server.git('wgig', 'show', 'main:proposals/1.json'), /"state": "adopted"/);
  assert.match(await server.git('wgig', 'fsck'), /^$/);
});
