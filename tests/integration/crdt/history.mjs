// A random editing history of several clients over all types: concurrent formatting, undo, offline branches, late joins.
// Everything follows from the seed.
import * as Y from 'yjs'

export const roots = { t: 'text', r: 'text', a: 'array', m: 'map', x: 'xml' }

const words = ['a', 'be', 'état', '中文', 'العربية', '😀', '👩🏽‍🚀', ' ', '\n', 'word', 'x'.repeat(30), 'é', '\u0000', '"\\', '𝒳y']
const keys = ['k', 'key', '7', '10', 'é', 'z', 'a b']
const marks = ['bold', 'em', 'link', '3', 'comment']
const nodeNames = ['paragraph', 'Heading', 'list_item', 'table']

const plainValues = random => random.pick([
  () => random.below(100), () => -random.below(1e6), () => 0, () => -0, () => 1.5, () => 0.1, () => 2 ** 31, () => -(2 ** 31) + 1,
  () => 2 ** 53 - 1, () => 1e21, () => 5e-324, () => true, () => false, () => null, () => random.pick(words),
  () => ({ b: 1, a: [1, 'two', null], 2: 'two', 1: 'one' }), () => [], () => ({}), () => [[random.below(9)], { n: -1.25 }]
])()

const markValues = random => random.pick([
  () => true, () => null, () => null, () => true, () => 'red', () => ({ href: 'x' }), () => ({ href: 'y', n: { deep: 1 } }), () => 3, () => false
])()

const attributes = random => {
  const out = {}
  for (let i = 1 + random.below(2); i > 0; i--) out[random.pick(marks)] = markValues(random)
  return out
}

const editText = (random, text) => {
  const length = text.length
  const at = random.below(length + 1)
  const span = 1 + random.below(Math.max(1, Math.min(8, length - at)))
  switch (random.below(10)) {
    case 0: case 1: case 2: case 3: return text.insert(at, random.pick(words))
    case 4: return text.insert(at, random.pick(words), attributes(random))
    case 5: case 6: return text.delete(at, Math.min(span, length - at))
    case 7: case 8: return text.format(at, Math.min(span, length - at), attributes(random))
    default: return text.insertEmbed(at, random.chance(0.5) ? { image: 'u' } : { n: [1, -0.5, null] }, random.chance(0.5) ? attributes(random) : undefined)
  }
}

const delta = random => {
  const ops = []
  for (let i = 1 + random.below(4); i > 0; i--) {
    ops.push(random.pick([
      () => ({ insert: random.pick(words), attributes: attributes(random) }), () => ({ insert: random.pick(words) }),
      () => ({ retain: 1 + random.below(3), attributes: attributes(random) }), () => ({ retain: 1 + random.below(4) }), () => ({ delete: 1 + random.below(3) })
    ])())
  }
  return ops
}

const newType = (random, depth) => random.pick([
  () => new Y.Text(random.pick(words)), () => Y.Array.from([1, 'two']), () => new Y.Map([['k', plainValues(random)]]),
  () => new Y.XmlFragment(), () => newNode(random, depth)
])()

function newNode (random, depth = 0) {
  switch (random.below(depth > 2 ? 3 : 6)) {
    case 0: case 1: return new Y.XmlText(random.pick(words))
    case 2: { const hook = new Y.XmlHook('hook'); hook.set('k', random.below(9)); return hook }
    default: {
      const element = new Y.XmlElement(random.pick(nodeNames))
      if (random.chance(0.5)) element.setAttribute(random.pick(keys), random.pick(['v', 'w', 1, true]))
      element.insert(0, [newNode(random, depth + 1), newNode(random, depth + 1)])
      return element
    }
  }
}

const editArray = (random, array) => {
  const at = random.below(array.length + 1)
  switch (random.below(8)) {
    case 0: case 1: case 2: return array.insert(at, Array.from({ length: 1 + random.below(3) }, () => plainValues(random)))
    case 3: return array.insert(at, [new Uint8Array([random.below(256), 1, 2])])
    case 4: return array.insert(at, [newType(random, 2)])
    case 5: return array.push([plainValues(random)])
    case 6: return array.insert(at, [new Y.Doc({ guid: 'sub' + random.below(5), ...(random.chance(0.5) ? { meta: { a: 1 }, gc: false } : { autoLoad: true }) })])
    default: return array.length > at ? array.delete(at, 1 + random.below(Math.min(3, array.length - at))) : undefined
  }
}

const editMap = (random, map) => {
  const key = random.pick(keys)
  switch (random.below(6)) {
    case 0: return map.delete(key)
    case 1: return map.set(key, random.pick([undefined, 12345678901234567890n % (2n ** 62n), -5n, new Uint8Array([0, 255])]))
    case 2: return map.set(key, newType(random, 2))
    default: return map.set(key, plainValues(random))
  }
}

const editXml = (random, node) => {
  const at = random.below(node.length + 1)
  if (node instanceof Y.XmlElement && random.chance(0.3)) {
    const key = random.pick(keys)
    return random.chance(0.3) ? node.removeAttribute(key) : node.setAttribute(key, random.pick(['1', 'v', 2, null, { o: 1 }]))
  }
  if (random.chance(0.25) && node.length > at) return node.delete(at, 1)
  return node.insert(at, random.chance(0.2) ? [newNode(random), newNode(random)] : [newNode(random)])
}

/** Legacy content that no call of yjs makes any more, but that old documents hold. */
const insertJson = (random, array, transaction) => {
  const left = array._start
  const doc = transaction.doc
  const store = doc.store
  const right = left === null ? null : left.right
  const id = Y.createID(doc.clientID, Y.getState(store, doc.clientID))
  const content = new Y.ContentJSON([undefined, { z: 1, a: 'é"' }, plainValues(random)])
  new Y.Item(id, left, left && left.lastId, right, right && right.id, array, null, content).integrate(transaction, 0)
  array._searchMarker.length = 0 // its places are not kept up to date by this short cut
}

const listed = (type, out) => {
  const children = type instanceof Y.Map ? [...type.values()] : type instanceof Y.Text ? [] : type.toArray()
  for (const child of children) if (child instanceof Y.AbstractType) { out.push(child); listed(child, out) }
  return out
}

/** One random edit somewhere in the document. */
const editOnce = (random, doc, focus) => {
  const candidates = Object.keys(roots).map(name => doc.share.get(name))
  for (const root of [...candidates]) listed(root, candidates)
  const favourites = focus === 'text' ? candidates.filter(type => type instanceof Y.Text) : focus === 'xml' ? candidates.filter(type => type instanceof Y.XmlFragment || type instanceof Y.XmlText) : []
  const type = favourites.length > 0 && random.chance(0.8) ? random.pick(favourites) : random.pick(candidates)
  if (type instanceof Y.Text) {
    if (type.length > 0 && random.chance(0.1)) type.applyDelta(delta(random))
    else if (random.chance(0.05)) type.setAttribute(random.pick(keys), plainValues(random))
    else editText(random, type)
  } else if (type instanceof Y.Array) {
    if (random.chance(0.05)) doc.transact(transaction => insertJson(random, type, transaction))
    else editArray(random, type)
  } else if (type instanceof Y.Map) editMap(random, type)
  else editXml(random, type)
}

class Client {
  constructor(clientID, gc) {
    this.doc = new Y.Doc({ gc, guid: 'client' })
    this.doc.clientID = clientID
    const classes = { text: Y.Text, array: Y.Array, map: Y.Map, xml: Y.XmlFragment }
    for (const [name, kind] of Object.entries(roots)) this.doc.get(name, classes[kind])
    this.undo = new Y.UndoManager(Object.keys(roots).map(name => this.doc.share.get(name)), { captureTimeout: 0 })
    this.inbox = []
  }
}

/** Returns the updates that were made, in order, in both formats, and some state vectors on the way. */
export const makeHistory = random => {
  const gc = random.chance(0.8)
  const focus = random.pick(['text', 'xml', 'all', 'all'])
  const count = 2 + random.below(random.chance(0.2) ? 9 : 4)
  const ids = new Set()
  while (ids.size < count) ids.add(random.chance(0.1) ? random.below(200) : random.chance(0.1) ? Math.floor(random.next() * 2 ** 53) : random.below(2 ** 32))
  const clients = [...ids].map(id => new Client(id, gc))
  const updates = []
  const stateVectors = []
  for (const client of clients) {
    client.doc.on('update', (update, origin) => {
      if (origin === 'remote') return
      updates.push({ v1: update, v2: null })
      for (const other of clients) if (other !== client) other.inbox.push(update)
    })
    client.doc.on('updateV2', (update, origin) => { if (origin !== 'remote') updates.at(-1).v2 = update })
  }
  const steps = 5 + random.below(random.chance(0.1) ? 150 : 40)
  for (let step = 0; step < steps; step++) {
    const client = random.pick(clients)
    const chance = random.next()
    if (chance < 0.25) {
      const inbox = random.chance(0.3) ? random.shuffle(client.inbox) : client.inbox
      const received = random.chance(0.5) ? inbox.splice(0, 1 + random.below(5)) : inbox.splice(0)
      client.inbox = inbox
      for (const update of received) Y.applyUpdate(client.doc, update, 'remote')
    } else if (chance < 0.32) {
      if (random.chance(0.6)) client.undo.undo()
      else client.undo.redo()
    } else if (chance < 0.42) {
      client.doc.transact(() => { for (let i = 1 + random.below(5); i > 0; i--) editOnce(random, client.doc, focus) })
    } else {
      editOnce(random, client.doc, focus)
    }
    if (random.chance(0.1)) stateVectors.push(Y.encodeStateVector(client.doc))
  }
  for (const client of clients) client.full = { v1: Y.encodeStateAsUpdate(client.doc), v2: Y.encodeStateAsUpdateV2(client.doc) }
  return { gc, updates, stateVectors, fulls: clients.map(client => client.full) }
}
