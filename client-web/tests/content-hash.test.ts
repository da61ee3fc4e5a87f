// @vitest-environment node
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { contentHash, serializeContent } from '../src/connection/content-hash';
import { doc, exchange, p, strong, yDoc } from './shape';

describe('the content hash', () => {
  it('writes the example of docs/formats/content-hash.md', () => {
    const y = new Y.Doc();
    y.getText('title').insert(0, 'Aim');
    const paragraph = new Y.XmlElement('paragraph');
    paragraph.setAttribute('dir', 'rtl');
    const text = new Y.XmlText();
    text.applyDelta([{ insert: 'Yes', attributes: { strong: {} } }, { insert: ' no' }]);
    paragraph.insert(0, [text]);
    y.getXmlFragment('body').insert(0, [paragraph]);
    expect(serializeContent(y)).toBe('bossey-content-1;3:Aime(9:paragraph{3:dirs3:rtl}t(s3:Yes{6:strong{}}s3: no{}))');
  });

  it('leaves out attributes whose value is a Yjs type or document', () => {
    const y = yDoc(doc(p('may')));
    const paragraph = y.getXmlFragment('body').get(0) as Y.XmlElement;
    const before = serializeContent(y);
    const held = paragraph as unknown as { setAttribute(name: string, value: unknown): void };
    held.setAttribute('strange', new Y.Map());
    held.setAttribute('stranger', new Y.Doc());
    expect(Object.keys(paragraph.getAttributes()).length).toBeGreaterThan(0);
    expect(serializeContent(y)).toBe(before);
  });

  it('is the same for two replicas with different histories of one text', () => {
    const one = yDoc(doc(p('The group ', strong('agrees'), '.')), 'Title');
    const two = new Y.Doc();
    exchange(one, two);
    expect(contentHash(two)).toBe(contentHash(one));
    expect(contentHash(one)).toMatch(/^[0-9a-f]{64}$/);
  });

  it('moves with one letter, with a mark and with the title', () => {
    const hashes = [
      yDoc(doc(p('may')), 'T'),
      yDoc(doc(p('mai')), 'T'),
      yDoc(doc(p(strong('may'))), 'T'),
      yDoc(doc(p('may')), 'U'),
    ].map(contentHash);
    expect(new Set(hashes).size).toBe(4);
  });

  it('does not see where an equal text is cut into pieces', () => {
    const y = yDoc(doc(p('one two')));
    const text = (y.getXmlFragment('body').get(0) as Y.XmlElement).get(0) as Y.XmlText;
    const before = contentHash(y);
    text.format(0, 3, { strong: {} });
    text.format(0, 3, { strong: null });
    expect(contentHash(y)).toBe(before);
  });

  const vectors = resolve('../tests/vectors/content-hash.json');
  it.skipIf(!existsSync(vectors))('agrees with the vectors the server is tested with', () => {
    const cases = JSON.parse(readFileSync(vectors, 'utf8')) as unknown;
    const list = (Array.isArray(cases) ? cases : (cases as { cases: unknown[] }).cases) as readonly Record<string, string>[];
    expect(list.length).toBeGreaterThan(0);
    for (const one of list) {
      const y = new Y.Doc();
      const update = one['update'] ?? one['update_base64'] ?? '';
      Y.applyUpdate(y, Uint8Array.from(Buffer.from(update, /^[0-9a-f]+$/i.test(update) ? 'hex' : 'base64')));
      expect(contentHash(y), one['name']).toBe(one['content_hash'] ?? one['sha256'] ?? one['hash']);
    }
  });
});
