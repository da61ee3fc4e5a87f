// Two people do anything at all to the same sections, many times: afterwards every page and the server hold one text.
// SEED=… repeats a run; it is printed.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { group, report, seesSign, Server } from './support.mjs';

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 1e6));
const rounds = Number(process.env.ROUNDS ?? 3);
let server;
let one;
let two;
let observer;

before(async () => {
  server = await Server.start({ Bruno: 'member', Chen: 'member', Dina: 'observer' });
  [one, two, observer] = [await server.signIn('Bruno'), await server.signIn('Chen'), await server.signIn('Dina')];
});

after(async () => {
  const problems = [one, two, observer].flatMap((tab) => tab?.problems ?? []);
  await server?.stop();
  assert.deepEqual(problems, []);
});

function act(tab, ids, from, count) {
  return tab.evaluate(
    async ([sections, start, steps]) => {
      let state = start;
      const random = (below) => {
        state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
        return state % below;
      };
      const actions = 'bold italic heading bullets numbers quote footnote brackets table addRow addColumn removeRow removeColumn rightToLeft undo redo'.split(' ');
      const words = ['alpha ', 'سلام ', '互联网', 'x', '. ', 'é', '😀', ' '];
      const keys = ['Enter', 'Backspace', 'Tab', 'Shift'];
      for (let i = 0; i < steps; i += 1) {
        const section = document.getElementById(sections[random(sections.length)]);
        if (section.editor === null) section.enter('start');
        const view = section.editor?.view;
        const kind = random(10);
        if (view !== undefined) {
          const { doc, selection, tr } = view.state;
          const near = () => selection.constructor.near(doc.resolve(random(doc.content.size + 1)));
          if (kind < 3) view.dispatch(tr.setSelection(near()));
          else if (kind < 4) {
            const [a, b] = [near(), near()];
            if (a.constructor.between) view.dispatch(tr.setSelection(a.constructor.between(a.$head, b.$head)));
          } else if (kind < 7) view.dispatch(tr.insertText(words[random(words.length)]));
          else if (kind < 8) view.dispatch(doc.content.size > 60 ? tr.deleteSelection() : tr.insertText('more '));
          else if (kind < 9) section.editor.do(actions[random(actions.length)]);
          else {
            const event = new KeyboardEvent('keydown', { key: keys[random(keys.length)] });
            view.someProp('handleKeyDown', (handle) => handle(view, event));
          }
        }
        if (i % 4 === 0) await new Promise((done) => requestAnimationFrame(done));
      }
    },
    [ids, from, count],
  );
}

test(`two people’s random edits end in one text everywhere (SEED=${seed})`, async (t) => {
  t.diagnostic(`SEED=${seed}`);
  const ids = (await one.evaluate(() => [...document.querySelectorAll('bossey-section')].map((s) => s.id))).slice(0, 2);
  for (let round = 0; round < rounds; round += 1) {
    await Promise.all([act(one, ids, seed + round, 120), act(two, ids, seed * 7 + round, 120)]);
    await Promise.all([seesSign(one, /Everything saved/), seesSign(two, /Everything saved/)]);
    for (const id of ids) {
      const hash = await one.evaluate(
        async (path) => (await (await fetch(path)).json()).content_hash,
        `/api/groups/${group}/reports/${report}/sections/${id}`,
      );
      for (const tab of [one, two, observer]) {
        await tab.waitForFunction(([section, wanted]) => document.getElementById(section).document.contentHash() === wanted, [id, hash]);
      }
    }
  }
});
