// The answers of npm yjs to the requests beyond the common ones: cutting updates, snapshots, relative positions, events.
import * as Y from 'yjs'
import { editors, fromBase64, nameRoots, report, rootClasses, tag, toBase64, untag } from './reference.mjs'

const reader = 0xfffffff0

const open = (roots, gc, clientID = reader) => {
  const doc = new Y.Doc({ gc, guid: 'reference' })
  doc.clientID = clientID
  nameRoots(doc, roots)
  return doc
}
const applyAll = (doc, updates, v) => { for (const update of updates) (v === 2 ? Y.applyUpdateV2 : Y.applyUpdate)(doc, fromBase64(update)) }

export const kindOf = type => {
  if (type instanceof Y.XmlText) return 'xmltext'
  if (type instanceof Y.Text) return 'text'
  if (type instanceof Y.XmlElement) return 'element'
  if (type instanceof Y.XmlFragment) return 'fragment'
  if (type instanceof Y.XmlHook) return 'hook'
  if (type instanceof Y.Array) return 'array'
  if (type instanceof Y.Map) return 'map'
  return null
}

/** All types with a list, roots first, each followed by those in it. */
const listTypes = (type, out) => {
  let inside = []
  if (type instanceof Y.Map) inside = [...type.values()]
  else {
    out.push(type)
    if (!(type instanceof Y.Text)) inside = type.toArray()
  }
  for (const child of inside) if (child instanceof Y.AbstractType) listTypes(child, out)
}

const findPlaces = (doc, places) => places.map(place => {
  const now = Y.createAbsolutePositionFromRelativePosition(place, doc)
  return now === null ? null : [now.index, kindOf(now.type)]
})

const told = (value, gone) => {
  if (!(value instanceof Y.AbstractType)) return tag(value)
  return gone ? { $t: 'type' } : { $t: 'type', k: kindOf(value) }
}

/** Yjs deletes marks without effect while it says what changed; here it only reads. */
const withoutDeleting = read => {
  const original = Y.Item.prototype.delete
  const marked = []
  Y.Item.prototype.delete = function () {
    if (this.deleted) return
    this.deleted = true
    marked.push(this)
  }
  try { return read() } finally {
    Y.Item.prototype.delete = original
    for (const item of marked) item.deleted = false
  }
}

export const toldEvent = event => withoutDeleting(() => ({
  path: event.path,
  keys: Object.fromEntries([...event.keys].map(([key, change]) => [key, { action: change.action, oldValue: told(change.oldValue, true) }])),
  delta: event.delta.map(step => {
    const out = {}
    if ('insert' in step) out.insert = event.target instanceof Y.Text ? told(step.insert, false) : step.insert.map(value => told(value, false))
    if ('delete' in step) out.delete = step.delete
    if ('retain' in step) out.retain = step.retain
    if (step.attributes !== undefined && Object.keys(step.attributes).length > 0) out.attributes = tag(step.attributes)
    return out
  })
}))

export const moreOperations = {
  diff (request) {
    const update = fromBase64(request.update)
    const sv = fromBase64(request.sv)
    return request.v === 2
      ? { update: toBase64(Y.diffUpdateV2(update, sv)), sv: toBase64(Y.encodeStateVectorFromUpdateV2(update)) }
      : { update: toBase64(Y.diffUpdate(update, sv)), sv: toBase64(Y.encodeStateVectorFromUpdate(update)) }
  },
  snapshot (request) {
    const doc = open(request.roots, false)
    applyAll(doc, request.updates, request.v)
    const then = Y.snapshot(doc)
    applyAll(doc, request.later, request.v)
    const now = Y.snapshot(doc)
    const snapshot1 = Y.encodeSnapshot(then)
    const snapshot2 = Y.encodeSnapshotV2(then)
    const read1 = Y.decodeSnapshot(snapshot1)
    const read2 = Y.decodeSnapshotV2(snapshot2)
    const again = new Y.Doc({ guid: 'reference' })
    again.clientID = reader
    const inV1 = update => request.v === 2 ? Y.convertUpdateFormatV2ToV1(fromBase64(update)) : fromBase64(update)
    const contained = [...request.updates, ...request.later].map(update => Y.snapshotContainsUpdate(then, inV1(update)))
    Y.createDocFromSnapshot(doc, then, again)
    return {
      snapshot1: toBase64(snapshot1),
      snapshot2: toBase64(snapshot2),
      same: [Y.equalSnapshots(then, read1), Y.equalSnapshots(read1, read2), Y.equalSnapshots(then, now)],
      contains: contained,
      again: report(again, request.roots, null)
    }
  },
  positions (request) {
    const doc = open(request.roots, request.gc)
    const late = open(request.roots, true)
    applyAll(doc, request.updates, request.v)
    const types = []
    for (const name of Object.keys(request.roots)) listTypes(doc.share.get(name), types)
    const encoded = request.places.map(([type, at, assoc]) => {
      const of = types[type % types.length]
      return Y.encodeRelativePosition(Y.createRelativePositionFromTypeIndex(of, at % (of.length + 1), assoc))
    })
    const places = encoded.map(Y.decodeRelativePosition)
    const now = findPlaces(doc, places)
    applyAll(doc, request.later, request.v)
    const later = findPlaces(doc, places)
    if (request.later.length > 0) applyAll(late, request.later.slice(-1), request.v)
    return { encoded: encoded.map(toBase64), now, later, elsewhere: findPlaces(late, places) }
  },
  events (request) {
    const doc = open(request.roots, request.gc, request.clientID)
    const events = {} // of each root in order; which root is told first says nothing
    for (const name of Object.keys(request.roots)) {
      events[name] = []
      doc.share.get(name).observeDeep((list, transaction) => {
        events[name].push({ local: transaction.local, types: list.map(toldEvent) })
      })
    }
    applyAll(doc, request.updates, request.v)
    for (const step of request.script) {
      const [op, root, ...args] = untag(step)
      editors[op](doc.share.get(root), args)
    }
    return { events, full1: toBase64(Y.encodeStateAsUpdate(doc)) }
  },
  undo (request) {
    const doc = open(request.roots, request.gc, request.clientID)
    const scope = Object.keys(request.roots).map(name => doc.share.get(name))
    const undo = new Y.UndoManager(scope, { captureTimeout: request.together ? 1e12 : 0 })
    let made = []
    doc.on('update', (update, origin, _doc, transaction) => { if (transaction.local) made.push(toBase64(update)) })
    const steps = request.steps.map(step => {
      const [op, ...rest] = step
      let done = null
      made = []
      if (op === 'undo') done = undo.undo() !== null
      else if (op === 'redo') done = undo.redo() !== null
      else if (op === 'stop') undo.stopCapturing()
      else if (op === 'clear') undo.clear()
      else if (op === 'apply') Y.applyUpdate(doc, fromBase64(rest[0]), 'remote')
      else {
        const [root, ...args] = untag(rest)
        editors[op](doc.share.get(root), args)
      }
      return [done, undo.canUndo(), undo.canRedo(), made]
    })
    return { ...report(doc, request.roots, null), steps }
  }
}
