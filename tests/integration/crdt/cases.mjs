// Requests of the line protocol made from one random history.
import * as Y from 'yjs'
import { makeHistory, roots } from './history.mjs'
import { tag, toBase64 } from './reference.mjs'

/** The same updates as a careless network would bring them. */
const disturb = (random, updates) => {
  let out = [...updates]
  if (random.chance(0.4)) {
    // Late: some come several places behind.
    out = out.map((update, i) => [i + (random.chance(0.2) ? random.below(12) : 0), i, update]).sort((a, b) => a[0] - b[0] || a[1] - b[1]).map(entry => entry[2])
  }
  if (random.chance(0.25)) out = random.shuffle(out)
  if (random.chance(0.3)) out = out.flatMap(update => random.chance(0.2) ? [update, update] : [update])
  if (random.chance(0.3)) out = out.filter(() => random.chance(0.9))
  return out
}

/** Some neighbours merged into one, as providers do. */
const gather = (random, updates, merge) => {
  const out = []
  for (let i = 0; i < updates.length;) {
    const count = random.chance(0.3) ? 1 + random.below(5) : 1
    out.push(count === 1 ? updates[i] : merge(updates.slice(i, i + count)))
    i += count
  }
  return out
}

const applyCase = (random, history) => {
  const v = random.chance(0.5) ? 1 : 2
  const key = v === 1 ? 'v1' : 'v2'
  let updates = disturb(random, history.updates.map(update => update[key]))
  if (random.chance(0.3)) updates = gather(random, updates, v === 1 ? Y.mergeUpdates : Y.mergeUpdatesV2)
  if (random.chance(0.3)) updates.splice(random.below(updates.length + 1), 0, random.pick(history.fulls)[key])
  const diffSv = history.stateVectors.length > 0 && random.chance(0.7) ? toBase64(random.pick(history.stateVectors)) : null
  return { op: 'case', v, gc: history.gc, typed: random.chance(0.7) ? 'before' : 'after', roots, updates: updates.map(toBase64), diffSv }
}

const mergeCase = (random, history) => {
  const v = random.chance(0.5) ? 1 : 2
  const key = v === 1 ? 'v1' : 'v2'
  const updates = disturb(random, [...history.updates, ...(random.chance(0.5) ? history.fulls : [])].map(update => update[key]))
  return { op: 'merge', v, updates: updates.map(toBase64) }
}

/**
 * Many updates of which some have collected what others have alive: states, whole and cut, of two replicas on the way, one that
 * collects and one that does not. Which of the two comes first hangs on each comparison of Array.sort (protocol/crdt/merge_order.hpp).
 */
const mergeManyCase = (random, history) => {
  const v = random.chance(0.5) ? 1 : 2
  const encode = v === 1 ? Y.encodeStateAsUpdate : Y.encodeStateAsUpdateV2
  const replicas = [true, false].map(gc => new Y.Doc({ gc, guid: 'replica' }))
  const vectors = [...history.stateVectors, undefined]
  const updates = history.updates.map(update => v === 1 ? update.v1 : update.v2)
  for (const { v1 } of history.updates) {
    for (const replica of replicas) {
      Y.applyUpdate(replica, v1)
      for (let i = random.below(4); i > 0; i--) updates.push(encode(replica, random.pick(vectors)))
    }
  }
  const wanted = 64 + random.below(random.chance(0.2) ? 1000 : 240)
  while (updates.length < wanted) updates.push(encode(random.pick(replicas), random.pick(vectors)))
  const ordered = random.chance(0.5) ? random.shuffle(updates) : updates
  return { op: 'merge', v, updates: ordered.slice(-wanted).map(toBase64) }
}

const convertCase = (random, history) => {
  const update = random.pick(history.updates.length > 0 && random.chance(0.5) ? history.updates : history.fulls)
  return random.chance(0.5) ? { op: 'convert', from: 1, update: toBase64(update.v1) } : { op: 'convert', from: 2, update: toBase64(update.v2) }
}

const localRoots = { t: 'text', a: 'array', m: 'map', x: 'xml' }
const newKinds = [['array', null], ['map', null], ['text', null], ['xmltext', null], ['element', 'paragraph'], ['fragment', null], ['hook', 'tree']]
const docOptions = [{}, { gc: false }, { autoLoad: true }, { gc: false, autoLoad: true, meta: { a: [1, null] } }, { meta: 'words' }]
const pieces = ['a', 'bc', '😀', 'x'.repeat(12), '中', '\n', 'e\u0301']
const values = [1, -0, 0.5, null, true, 'v', { b: [1], a: null, 1: 2 }, [1, [2]], 2 ** 40, new Uint8Array([1, 2])]
const mapValues = [...values, undefined, 12n]

/** A script of local edits that is valid at each step: the lengths are kept along. */
const localCase = random => {
  const script = []
  let text = 0
  let array = 0
  let nodes = 0
  const attributes = () => ({ [random.pick(['bold', 'em', '1'])]: random.pick([true, null, 'x', { c: 1 }]) })
  for (let i = 5 + random.below(30); i > 0; i--) {
    const at = random.below(text + 1)
    const element = random.below(array + 1)
    switch (random.below(12)) {
      case 0: case 1: {
        const piece = random.pick(pieces)
        script.push(['text.insert', 't', at, piece, ...(random.chance(0.3) ? [attributes()] : [])])
        text += piece.length
        break
      }
      case 2: case 3: {
        const length = Math.min(1 + random.below(4), text - at)
        script.push(['text.delete', 't', at, length])
        text -= length
        break
      }
      case 4: script.push(['text.format', 't', at, Math.min(1 + random.below(6), text - at), attributes()]); break
      case 5: script.push(['text.embed', 't', at, { i: random.below(9) }, ...(random.chance(0.5) ? [attributes()] : [])]); text += 1; break
      case 6: {
        const list = Array.from({ length: 1 + random.below(3) }, () => random.pick(values))
        script.push(['array.insert', 'a', element, list])
        array += list.length
        break
      }
      case 7: {
        const length = Math.min(1 + random.below(2), array - element)
        if (length > 0) script.push(['array.delete', 'a', element, length])
        array -= length
        break
      }
      case 8: {
        const kind = random.pick(newKinds)
        const place = random.pick([['t', at], ['a', element], ['m', random.pick(['k', 'l'])], ['x', random.below(nodes + 1)]])
        script.push(['type', ...place, ...kind, ...(place[0] === 't' && random.chance(0.5) ? [attributes()] : [])])
        if (place[0] === 't') text += 1
        if (place[0] === 'a') array += 1
        if (place[0] === 'x') nodes += 1
        break
      }
      case 9: {
        const doc = [random.pick(['one', 'two']), random.pick(docOptions)]
        if (random.chance(0.5)) script.push(['doc', 'm', random.pick(['k', 'l']), ...doc])
        else {
          script.push(['doc', 'a', element, ...doc])
          array += 1
        }
        break
      }
      case 10: {
        const index = random.below(nodes + 1)
        if (nodes > index) {
          script.push(['xml.delete', 'x', index, 1])
          nodes -= 1
        }
        break
      }
      default:
        script.push(random.chance(0.3) ? ['map.delete', 'm', random.pick(['k', 'l'])] : ['map.set', 'm', random.pick(['k', 'l', '2']), random.pick(mapValues)])
    }
  }
  return { op: 'local', clientID: 1 + random.below(2 ** 31), gc: random.chance(0.8), roots: localRoots, script: tag(script) }
}

const diffCase = (random, history) => {
  const v = random.chance(0.5) ? 1 : 2
  const key = v === 1 ? 'v1' : 'v2'
  const update = random.pick(history.updates.length > 0 && random.chance(0.3) ? history.updates : history.fulls)[key]
  const from = history.stateVectors.length > 0 && random.chance(0.8) ? random.pick(history.stateVectors) : new Uint8Array([0])
  return { op: 'diff', v, update: toBase64(update), sv: toBase64(from) }
}

/** The history cut in two at some point, in order. */
const halves = (random, history, key) => {
  const updates = history.updates.map(update => toBase64(update[key]))
  const cut = random.below(updates.length + 1)
  return { updates: updates.slice(0, cut), later: updates.slice(cut) }
}

const snapshotCase = (random, history) => {
  const v = random.chance(0.5) ? 1 : 2
  return { op: 'snapshot', v, roots, ...halves(random, history, v === 1 ? 'v1' : 'v2') }
}

const positionsCase = (random, history) => {
  const v = random.chance(0.5) ? 1 : 2
  const places = Array.from({ length: 12 }, () => [random.below(1000), random.below(100000), random.pick([0, 0, 1, -1])])
  return { op: 'positions', v, gc: random.chance(0.5), roots, ...halves(random, history, v === 1 ? 'v1' : 'v2'), places }
}

/** Updates in any order, then local deletes and formats. */
const eventsCase = (random, history) => {
  const v = random.chance(0.5) ? 1 : 2
  const updates = disturb(random, history.updates.map(update => update[v === 1 ? 'v1' : 'v2'])).map(toBase64)
  // yjs throws where something is deleted from a text in which there never was anything.
  const script = [['text.insert', 't', 0, 'a😀b'], ['text.insert', 'r', 0, 'cde']]
  script.push(...Array.from({ length: random.below(8) }, () => random.pick([
    () => ['text.delete', random.pick(['t', 'r']), random.below(6), 1 + random.below(3)],
    () => ['text.insert', 't', random.below(4), random.pick(pieces), { bold: random.pick([true, null]) }],
    () => ['text.format', 'r', random.below(4), 1 + random.below(5), { em: random.pick([true, null, { c: 1 }]) }],
    () => ['map.set', 'm', random.pick(['k', '10', 'new']), random.pick(values)],
    () => ['map.delete', 'm', random.pick(['k', '10', 'key'])],
    () => ['array.insert', 'a', 0, [random.pick(values), 'two']]
  ])()))
  return { op: 'events', v, gc: history.gc, clientID: 1 + random.below(2 ** 31), roots, updates, script: tag(script) }
}

/** Somebody edits, undoes and does again, while the updates of the history come in. */
const undoCase = (random, history) => {
  const steps = []
  const updates = history.updates.map(update => toBase64(update.v1))
  const edits = [
    () => ['text.insert', random.pick(['t', 'r']), random.below(6), random.pick(pieces)],
    () => ['text.insert', 't', random.below(6), random.pick(pieces), { bold: random.pick([true, null]) }],
    () => ['text.delete', random.pick(['t', 'r']), random.below(6), 1 + random.below(4)],
    () => ['text.format', random.pick(['t', 'r']), random.below(4), 1 + random.below(5), { em: random.pick([true, null, { c: 1 }]) }],
    () => ['text.embed', 'r', random.below(4), { i: 1 }],
    () => ['map.set', 'm', random.pick(['k', '10', 'new']), random.pick(mapValues)],
    () => ['map.delete', 'm', random.pick(['k', '10', 'key'])],
    () => ['array.insert', 'a', 0, [random.pick(values), 'two', 3]],
    () => ['array.cut', 'a', random.below(4), 1 + random.below(3)],
    () => ['xml.element', 'x', random.below(4), 'paragraph', random.pick([1, 'v'])],
    () => ['xml.text', 'x', random.below(4), 'words'],
    () => ['xml.delete', 'x', random.below(4), 1 + random.below(2)]
  ]
  // yjs throws where something is deleted from a text in which there never was anything.
  steps.push(['text.insert', 't', 0, 'a😀b'], ['text.insert', 'r', 0, 'cde'])
  for (let i = 8 + random.below(40); i > 0; i--) {
    const chance = random.next()
    if (chance < 0.25 && updates.length > 0) steps.push(['apply', updates.shift()])
    else if (chance < 0.45) steps.push(['undo'])
    else if (chance < 0.6) steps.push(['redo'])
    else if (chance < 0.65) steps.push([random.chance(0.8) ? 'stop' : 'clear'])
    else steps.push(tag(random.pick(edits)()))
  }
  return { op: 'undo', gc: random.chance(0.8), together: random.chance(0.3), clientID: 1 + random.below(2 ** 31), roots, steps }
}

export const makeCases = random => {
  const history = makeHistory(random)
  return [
    applyCase(random, history), applyCase(random, history), mergeCase(random, history), convertCase(random, history), localCase(random),
    diffCase(random, history), snapshotCase(random, history), positionsCase(random, history), eventsCase(random, history),
    undoCase(random, history), ...(random.chance(0.2) ? [mergeManyCase(random, history)] : [])
  ]
}
