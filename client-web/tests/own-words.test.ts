// @vitest-environment node
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { lostWords } from '../src/connection/own-words';
import { SectionDocument } from '../src/connection/section-document';
import type { LiveSocket } from '../src/connection/live-socket';
import { doc as body, p, yDoc } from './shape';

/** What of a paragraph's words anybody could read out of an update. */
function wordsIn(update: Uint8Array): string {
  return Y.decodeUpdate(update)
    .structs.map((struct) => (struct instanceof Y.Item && struct.content instanceof Y.ContentString ? struct.content.str : ''))
    .join('');
}

function paragraphText(doc: Y.Doc): Y.XmlText {
  return (doc.getXmlFragment('body').get(0) as Y.XmlElement).get(0) as Y.XmlText;
}

/** A server's text, a replica of it, and the update that deletes the replica's paragraph. */
function scene(replica: Y.Doc): { deletion: Uint8Array } {
  const server = yDoc(body(p('Old words.'), p('Second.')), 'T');
  Y.applyUpdate(replica, Y.encodeStateAsUpdate(server), 'server');
  const before = Y.encodeStateVector(server);
  server.getXmlFragment('body').delete(0, 1);
  return { deletion: Y.encodeStateAsUpdate(server, before) };
}

describe('own words in a paragraph that others delete before they are sent', () => {
  it('stay readable in the page’s replica', () => {
    const live = new SectionDocument('section/a', {} as LiveSocket);
    const { doc } = live.replica;
    const { deletion } = scene(doc);
    const known = Y.encodeStateVector(doc);
    paragraphText(doc).insert(3, ' and mine');
    Y.applyUpdate(doc, deletion, 'server');
    expect(wordsIn(Y.encodeStateAsUpdate(doc, known))).toBe(' and mine');
  });

  it('go out once more as they were typed, for the replica calls them deleted', () => {
    const doc = new Y.Doc({ gc: false });
    const { deletion } = scene(doc);
    const edits: Uint8Array[] = [];
    doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin !== 'server') edits.push(update);
    });
    paragraphText(doc).insert(3, ' and mine');
    paragraphText(doc).delete(3, 4);
    expect(lostWords(doc, edits)).toBeNull();
    Y.applyUpdate(doc, deletion, 'server');
    const lost = lostWords(doc, edits);
    expect(lost === null ? '' : wordsIn(lost)).toBe(' and mine');
    expect(Y.decodeUpdate(lost ?? new Uint8Array()).ds.clients.get(doc.clientID)).toMatchObject([{ len: 4 }]);
  });

  it('are found where the replica met the deletion first, as after a reload', () => {
    const server = yDoc(body(p('Old words.'), p('Second.')), 'T');
    const earlier = new Y.Doc({ gc: false });
    Y.applyUpdate(earlier, Y.encodeStateAsUpdate(server), 'server');
    const edits: Uint8Array[] = [];
    earlier.on('update', (update: Uint8Array) => edits.push(update));
    paragraphText(earlier).insert(3, ' one');
    paragraphText(earlier).insert(7, ' two');
    earlier.getText('title').insert(1, 'itle');
    server.getXmlFragment('body').delete(0, 1);

    const today = new Y.Doc({ gc: false });
    for (const update of edits) Y.applyUpdate(today, update);
    Y.applyUpdate(today, Y.encodeStateAsUpdate(server));
    expect(today.getText('title').toString()).toBe('Title');
    const handshake = Y.encodeStateAsUpdate(today, Y.encodeStateVector(server));
    expect(wordsIn(handshake)).toBe('itle');
    const lost = lostWords(today, edits);
    expect(lost === null ? '' : wordsIn(lost)).toContain(' one two');
  });

  it('are not sent twice where the replica still has them', () => {
    const doc = new Y.Doc({ gc: false });
    scene(doc);
    const edits: Uint8Array[] = [];
    doc.on('update', (update: Uint8Array) => edits.push(update));
    paragraphText(doc).insert(3, ' mine');
    expect(lostWords(doc, edits)).toBeNull();
    expect(lostWords(doc, [])).toBeNull();
  });
});
