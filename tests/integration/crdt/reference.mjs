// What npm yjs says to a request of the line protocol (docs/formats/update.md): the other side of the comparison.
import * as Y from 'yjs'
import { moreOperations } from './reference_more.mjs'

export const toBase64 = octets => Buffer.from(octets).toString('base64')
export const fromBase64 = text => new Uint8Array(Buffer.from(text, 'base64'))

export const rootClasses = { text: Y.Text, array: Y.Array, map: Y.Map, xml: Y.XmlFragment }

/** Values that JSON cannot hold become objects with $t. */
export const tag = value => {
  if (value === undefined) return { $t: 'undefined' }
  if (typeof value === 'bigint') return { $t: 'bigint', v: String(value) }
  if (typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0))) {
    return { $t: 'num', v: Object.is(value, -0) ? '-0' : String(value) }
  }
  if (value === null || typeof value !== 'object') return value
  if (value instanceof Uint8Array) return { $t: 'bytes', v: toBase64(value) }
  if (value instanceof Y.Doc) {
    const opts = {}
    if (!value.gc) opts.gc = false
    if (value.autoLoad) opts.autoLoad = true
    if (value.meta != null) opts.meta = tag(value.meta)
    return { $t: 'doc', guid: value.guid, opts }
  }
  if (value instanceof Y.AbstractType) return { $t: 'type', ...treeOf(value) }
  if (Array.isArray(value)) return value.map(tag)
  return Object.fromEntries(Object.keys(value).map(key => [key, tag(value[key])]))
}

export const untag = value => {
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map(untag)
  switch (value.$t) {
    case 'undefined': return undefined
    case 'bigint': return BigInt(value.v)
    case 'num': return value.v === '-0' ? -0 : Number(value.v)
    case 'bytes': return fromBase64(value.v)
    default: return Object.fromEntries(Object.keys(value).map(key => [key, untag(value[key])]))
  }
}

const deltaOf = text => text.toDelta().map(op =>
  op.attributes ? { insert: tag(op.insert), attributes: tag(op.attributes) } : { insert: tag(op.insert) })

const attributesOf = type => {
  const attributes = type.getAttributes()
  return Object.fromEntries(Object.keys(attributes).map(key => [key, tag(attributes[key])]))
}

const entriesOf = map => Object.fromEntries([...map.entries()].map(([key, value]) => [key, tag(value)]))

function treeOf(type) {
  if (type instanceof Y.Text) {
    return { k: type instanceof Y.XmlText ? 'xmltext' : 'text', attrs: attributesOf(type), delta: deltaOf(type) }
  }
  if (type instanceof Y.XmlElement) {
    return { k: 'element', name: type.nodeName, attrs: attributesOf(type), children: type.toArray().map(treeOf) }
  }
  if (type instanceof Y.XmlFragment) return { k: 'fragment', children: type.toArray().map(treeOf) }
  if (type instanceof Y.XmlHook) return { k: 'hook', name: type.hookName, entries: entriesOf(type) }
  if (type instanceof Y.Array) return { k: 'array', items: type.toArray().map(tag) }
  if (type instanceof Y.Map) return { k: 'map', entries: entriesOf(type) }
  throw new Error('a type of no known kind')
}

/** State, content and updates of a document, in the form of a reply. */
export const report = (doc, roots, diffSv) => {
  const reply = { json: {}, delta: {}, string: {}, tree: {} }
  for (const [name, kind] of Object.entries(roots)) {
    const type = doc.get(name, rootClasses[kind])
    reply.json[name] = tag(type.toJSON())
    if (kind === 'text') reply.delta[name] = deltaOf(type)
    if (kind === 'text' || kind === 'xml') reply.string[name] = type.toString()
    reply.tree[name] = treeOf(type)
  }
  reply.sv = toBase64(Y.encodeStateVector(doc))
  reply.full1 = toBase64(Y.encodeStateAsUpdate(doc))
  reply.full2 = toBase64(Y.encodeStateAsUpdateV2(doc))
  reply.snapshot1 = toBase64(Y.encodeSnapshot(Y.snapshot(doc)))
  if (diffSv) {
    reply.diff1 = toBase64(Y.encodeStateAsUpdate(doc, fromBase64(diffSv)))
    reply.diff2 = toBase64(Y.encodeStateAsUpdateV2(doc, fromBase64(diffSv)))
  }
  reply.pending = doc.store.pendingStructs !== null || doc.store.pendingDs !== null
  return reply
}

const open = (request, clientID) => {
  const doc = new Y.Doc({ gc: request.gc, guid: 'reference' })
  doc.clientID = clientID
  return doc
}

export const nameRoots = (doc, roots) => {
  for (const [name, kind] of Object.entries(roots)) doc.get(name, rootClasses[kind])
}

const newTypes = {
  array: () => new Y.Array(),
  map: () => new Y.Map(),
  text: () => new Y.Text(),
  xmltext: () => new Y.XmlText(),
  element: name => new Y.XmlElement(name),
  fragment: () => new Y.XmlFragment(),
  hook: name => new Y.XmlHook(name)
}

export const editors = {
  'text.insert': (type, a) => type.insert(a[0], a[1], a[2] ?? undefined),
  'text.delete': (type, a) => type.delete(a[0], a[1]),
  'text.format': (type, a) => type.format(a[0], a[1], a[2]),
  'text.embed': (type, a) => type.insertEmbed(a[0], a[1], a[2] ?? undefined),
  'array.insert': (type, a) => type.insert(a[0], a[1]),
  'array.delete': (type, a) => type.delete(a[0], a[1]),
  'array.cut': (type, a) => { if (a[0] < type.length) type.delete(a[0], Math.min(a[1], type.length - a[0])) },
  'xml.element': (type, a) => { const element = new Y.XmlElement(a[1]); type.insert(Math.min(a[0], type.length), [element]); element.setAttribute('k', a[2]) },
  'xml.text': (type, a) => { const text = new Y.XmlText(); type.insert(Math.min(a[0], type.length), [text]); text.insert(0, a[1]) },
  'xml.delete': (type, a) => { if (a[0] < type.length) type.delete(a[0], Math.min(a[1], type.length - a[0])) },
  type: (type, a) => {
    const made = newTypes[a[1]](a[2])
    if (type instanceof Y.Text) type.insertEmbed(a[0], made, a[3] ?? undefined)
    else if (type instanceof Y.Map) type.set(a[0], made)
    else type.insert(a[0], [made])
    if (made instanceof Y.Map) made.set('k', 1)
    if (made instanceof Y.Text) made.insert(0, 'words')
  },
  doc: (type, a) => {
    const made = new Y.Doc({ guid: a[1], ...a[2] })
    if (type instanceof Y.Map) type.set(a[0], made)
    else type.insert(a[0], [made])
  },
  'map.set': (type, a) => type.set(a[0], a[1]),
  'map.delete': (type, a) => type.delete(a[0])
}

const operations = {
  case (request) {
    const doc = open(request, 0xfffffff0)
    if (request.typed === 'before') nameRoots(doc, request.roots)
    const apply = request.v === 2 ? Y.applyUpdateV2 : Y.applyUpdate
    for (const update of request.updates) apply(doc, fromBase64(update))
    return report(doc, request.roots, request.diffSv)
  },
  local (request) {
    const doc = open(request, request.clientID)
    nameRoots(doc, request.roots)
    const localU1 = []
    const localU2 = []
    let v1 = null
    let v2 = null
    doc.on('update', update => { v1 = toBase64(update) })
    doc.on('updateV2', update => { v2 = toBase64(update) })
    for (const [op, root, ...args] of untag(request.script)) {
      v1 = v2 = null
      editors[op](doc.share.get(root), args)
      localU1.push(v1)
      localU2.push(v2)
    }
    return { localU1, localU2, ...report(doc, request.roots, null) }
  },
  merge (request) {
    const updates = request.updates.map(fromBase64)
    if (request.v === 2) return { update: toBase64(Y.mergeUpdatesV2(updates)) }
    const merged = Y.mergeUpdates(updates)
    return { update: toBase64(merged), sv: toBase64(Y.encodeStateVectorFromUpdate(merged)) }
  },
  convert (request) {
    const convert = request.from === 1 ? Y.convertUpdateFormatV1ToV2 : Y.convertUpdateFormatV2ToV1
    return { update: toBase64(convert(fromBase64(request.update))) }
  }
}

export const answer = request => {
  try {
    return JSON.parse(JSON.stringify((operations[request.op] ?? moreOperations[request.op])(request)))
  } catch (error) {
    return { error: String(error.message) }
  }
}
