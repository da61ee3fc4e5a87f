// Writes tests/vectors/content-hash.json: documents made with npm yjs, and their content hash computed here straight from
// docs/formats/content-hash.md. The C++ and the TypeScript implementation are both tested with it.
// Run: node tests/integration/document/make_content_hash_vectors.mjs
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import * as Y from 'yjs'

const str = s => `${s.length}:${s}`
const hex = bytes => Buffer.from(bytes).toString('hex')
const isPlain = v => v !== undefined && !(v instanceof Y.AbstractType) && !(v instanceof Y.Doc)
const entries = (o, depth) =>
  `{${Object.keys(o).sort().filter(k => isPlain(o[k])).map(k => str(k) + value(o[k], depth)).join('')}}`

function value (v, depth) {
  if (v === null || v === undefined) return 'n'
  if (typeof v === 'boolean') return v ? 'T' : 'f'
  if (typeof v === 'bigint') return `i${v};`
  if (typeof v === 'string') return `s${str(v)}`
  if (typeof v === 'number') {
    if (Number.isSafeInteger(v)) return `i${v === 0 ? 0 : v};`
    const octets = Buffer.alloc(8)
    octets.writeDoubleBE(v)
    return `d${octets.toString('hex')}`
  }
  if (v instanceof Uint8Array) return `x${hex(v)};`
  if (depth >= 100) return '?'
  return Array.isArray(v) ? `[${v.map(one => value(one, depth + 1)).join('')}]` : entries(v, depth + 1)
}

function pieces (text) {
  const joined = []
  for (const op of text.toDelta()) {
    const marks = entries(op.attributes ?? {}, 0)
    const last = joined.at(-1)
    if (op.insert === '') continue
    if (typeof op.insert === 'string' && last?.marks === marks && last.words !== undefined) last.words += op.insert
    else if (typeof op.insert === 'string') joined.push({ words: op.insert, marks })
    else joined.push({ other: op.insert instanceof Y.AbstractType ? 'y' : `v${value(op.insert, 0)}${marks}` })
  }
  return joined.map(one => one.words === undefined ? one.other : `s${str(one.words)}${one.marks}`).join('')
}

function node (x, depth) {
  if (x instanceof Y.XmlText) return `t(${pieces(x)})`
  if (!(x instanceof Y.XmlElement)) return '?'
  const inner = depth >= 100 ? '?' : x.toArray().map(child => node(child, depth + 1)).join('')
  return `e(${str(x.nodeName)}${entries(x.getAttributes(), 0)}${inner})`
}

const serialize = doc =>
  `bossey-content-1;${str(doc.getText('title').toString())}${doc.getXmlFragment('body').toArray().map(x => node(x, 1)).join('')}`

const element = (name, attributes, ...children) => {
  const made = new Y.XmlElement(name)
  for (const [key, v] of Object.entries(attributes)) made.setAttribute(key, v)
  made.insert(0, children)
  return made
}
const text = (...ops) => {
  const made = new Y.XmlText()
  made.applyDelta(ops)
  return made
}
const words = (insert, attributes) => attributes ? { insert, attributes } : { insert }

const cases = {
  empty: () => {},
  'title alone': doc => doc.getText('title').insert(0, 'Ziele der 😀 Gruppe'),
  'example of the page': doc => {
    doc.getText('title').insert(0, 'Aim')
    doc.getXmlFragment('body').insert(0, [element('paragraph', { dir: 'rtl' }, text(words('Yes', { strong: {} }), words(' no')))])
  },
  'every node of the schema': doc => {
    const p = (...children) => element('paragraph', {}, ...children)
    doc.getXmlFragment('body').insert(0, [
      element('heading', { level: 4 }, text(words('中文 العربية'))),
      element('ordered_list', { order: 3 }, element('list_item', {}, p(text(words('a'))), element('bullet_list', {}, element('list_item', {}, p())))),
      element('blockquote', {}, p(text(words('q')), element('hard_break', {}), text(words('r')), element('footnote', {}, text(words('note'))))),
      element('horizontal_rule', {}),
      element('table', {}, element('table_row', {}, element('table_header', { align: 'right' }, text(words('h'))), element('table_cell', {})))
    ])
  },
  'marks, in any order of keys': doc => {
    doc.getXmlFragment('body').insert(0, [element('paragraph', {}, text(
      words('one', { strong: {}, em: {}, 'bracket--0KRpsgai': { id: 'b1' }, link: { href: 'https://a.example/' } }),
      words('two', { link: { href: 'https://a.example/' }, 'bracket--0KRpsgai': { id: 'b1' }, em: {}, strong: {} }),
      words('three', { 'bracket--AAAAAAAA': { id: 'b2' }, 'bracket--0KRpsgai': { id: 'b1' } })))])
  },
  'a mark that ends and begins again': doc => {
    const xml = text(words('one two'))
    doc.getXmlFragment('body').insert(0, [element('paragraph', {}, xml)])
    xml.format(0, 3, { strong: {} })
    xml.format(0, 3, { strong: null })
    xml.format(4, 3, { em: {} })
  },
  'deleted words and nodes': doc => {
    const body = doc.getXmlFragment('body')
    const xml = text(words('The group may agree'))
    body.insert(0, [element('paragraph', {}, xml), element('paragraph', {}, text(words('gone')))])
    xml.delete(4, 6)
    body.delete(1, 1)
  },
  'nodes, values and embeds outside the schema': doc => {
    const xml = text(words('a'), { insert: { image: 'x.png', size: [1, 2.5, -3, null, true] } }, words('b', { colour: 'red', size: 1e21 }))
    doc.getXmlFragment('body').insert(0, [
      xml, element('call_out', { colour: '#fff', n: 0.1, deep: { b: [1, { z: 1, a: false }], a: 'é' }, big: 9007199254740993, neg: -7 }, element('paragraph', {}))])
  },
  'keys beyond the first plane': doc => {
    doc.getXmlFragment('body').insert(0, [element('paragraph', { '\uE000': 1, '😀': 2, z: 3 })])
  },
  'deeper than a hundred': doc => {
    let inner = element('paragraph', {}, text(words('deep')))
    for (let i = 0; i < 120; ++i) inner = element('blockquote', {}, inner)
    doc.getXmlFragment('body').insert(0, [inner])
  }
}

const list = Object.entries(cases).map(([name, fill], index) => {
  const doc = new Y.Doc()
  doc.clientID = index + 1
  fill(doc)
  const serialized = serialize(doc)
  return { name, update: hex(Y.encodeStateAsUpdate(doc)), serialized, content_hash: createHash('sha256').update(serialized, 'utf8').digest('hex') }
})
writeFileSync(new URL('../../vectors/content-hash.json', import.meta.url), JSON.stringify(list, null, 1) + '\n')
console.log(`${list.length} cases`)
