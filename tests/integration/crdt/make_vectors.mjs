// Writes tests/vectors/xml_edit.json: what npm yjs makes of a script of XML edits, step by step. The unit tests make the same
// edits with the engine and compare the octets.
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import * as Y from 'yjs'

const hex = octets => Buffer.from(octets).toString('hex')
const doc = new Y.Doc()
doc.clientID = 42
const updates = []
doc.on('update', update => updates.push(hex(update)))

const body = doc.getXmlFragment('body')
const title = doc.getText('title')
title.insert(0, 'Rapport de fond')
doc.transact(() => {
  const heading = new Y.XmlElement('heading')
  heading.setAttribute('level', 2)
  heading.insert(0, [new Y.XmlText('Scope')])
  body.insert(0, [heading])
  const paragraph = new Y.XmlElement('paragraph')
  const text = new Y.XmlText()
  paragraph.insert(0, [text])
  body.insert(1, [paragraph])
  text.insert(0, 'The group agreed')
  text.format(4, 5, { strong: {} })
  text.insert(16, ' on 中文 😀', { em: true })
})
const text = body.get(1).get(0)
text.delete(2, 6)
text.insertEmbed(3, { image: 'a.png' })
body.get(0).setAttribute('level', 3)
body.get(0).removeAttribute('level')
doc.transact(() => {
  const item = new Y.XmlElement('list_item')
  body.insert(1, [item])
  const first = new Y.XmlText()
  item.insert(0, [first])
  first.applyDelta([{ insert: 'one ' }, { insert: 'two', attributes: { strong: true } }, { insert: '\n' }])
  first.applyDelta([{ retain: 4 }, { delete: 2 }, { retain: 1, attributes: { strong: null, em: true } }, { insert: '!' }])
})
body.delete(0, 1)
text.format(0, 4, { strong: null, em: null })

// Places in the last text, in the fragment and at their ends, before and after an edit in front of them.
const positions = []
const places = [[text, 0, 0], [text, 5, 0], [text, 5, -1], [text, text.length, 0], [text, text.length, -1], [text, 0, -1], [body, 1, 0], [body, 2, 0], [title, 3, 0], [title, 15, 0], [title, 0, -1]]
for (const [type, index, assoc] of places) {
  const place = Y.createRelativePositionFromTypeIndex(type, index, assoc)
  positions.push({ of: type === text ? 'text' : type === body ? 'body' : 'title', index, assoc, encoded: hex(Y.encodeRelativePosition(place)) })
}
const state = [hex(Y.encodeStateAsUpdate(doc)), hex(Y.encodeStateAsUpdateV2(doc)), hex(Y.encodeSnapshot(Y.snapshot(doc)))]
const content = [body.toString(), title.toString()]
const stepCount = updates.length
text.insert(0, 'In front ')
title.insert(1, '!!')
title.delete(4, 2)
body.insert(0, [new Y.XmlElement('rule')])
for (const position of positions) {
  const now = Y.createAbsolutePositionFromRelativePosition(Y.decodeRelativePosition(new Uint8Array(Buffer.from(position.encoded, 'hex'))), doc)
  position.later = now.index
}

const vectors = path.join(path.dirname(fileURLToPath(import.meta.url)), '../../vectors/xml_edit.json')
fs.writeFileSync(vectors, JSON.stringify({
  client: 42,
  updates: updates.slice(0, stepCount),
  full1: state[0],
  full2: state[1],
  snapshot: state[2],
  body: content[0],
  title: content[1],
  positions,
  later: updates.slice(stepCount)
}, null, 1) + '\n')
