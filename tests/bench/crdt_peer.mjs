// The measurements of crdt_bench.cpp with an engine from npm (node --expose-gc):
//   node crdt_peer.mjs yjs|ywasm edits TRACE.json RUNS
//   node crdt_peer.mjs yjs|ywasm updates FILE RUNS
//   node crdt_peer.mjs yjs|ywasm load FILE RUNS
//   node crdt_peer.mjs yjs merge FILE RUNS
// Prints a JSON object a line, each as soon as it is known.
import fs from 'node:fs'
import { createRequire } from 'node:module'
import * as Y from 'yjs'
import { readUpdates } from './crdt_files.mjs'

const [name, mode, file, runsText] = process.argv.slice(2)
const runs = Number(runsText)

const peers = {
  yjs: {
    make(clientID) { const doc = new Y.Doc(); doc.clientID = clientID; return doc },
    onUpdate: (doc, observer) => doc.on('update', observer),
    text: doc => doc.getText('t'),
    edit(doc, text, at, removed, inserted) {
      doc.transact(() => {
        if (removed > 0) text.delete(at, removed)
        if (inserted !== '') text.insert(at, inserted)
      })
    },
    apply: (doc, update) => Y.applyUpdate(doc, update),
    encode: (doc, stateVector) => Y.encodeStateAsUpdate(doc, stateVector),
    merge: updates => Y.mergeUpdates(updates),
    free: () => {},
    memory: () => process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers
  },
  ywasm: (() => {
    const W = createRequire(import.meta.url)('ywasm')
    return {
      make: clientID => new W.YDoc({ clientID }),
      onUpdate: (doc, observer) => doc.onUpdate(observer),
      text: doc => doc.getText('t'),
      edit(doc, text, at, removed, inserted) {
        const transaction = doc.beginTransaction()
        if (removed > 0) text.delete(at, removed, transaction)
        if (inserted !== '') text.insert(at, inserted, undefined, transaction)
        transaction.commit()
        transaction.free()
      },
      apply: (doc, update) => W.applyUpdate(doc, update, null),
      encode: (doc, stateVector) => W.encodeStateAsUpdate(doc, stateVector ?? null),
      free: doc => doc.free(),
      memory: () => process.memoryUsage().external
    }
  })()
}
const peer = peers[name]

/** Processor time in milliseconds of all threads, as crdt_bench takes it. */
const time = work => {
  const before = process.cpuUsage()
  work()
  const used = process.cpuUsage(before)
  return (used.user + used.system) / 1000
}
const median = (count, work) => {
  const times = Array.from({ length: count }, () => time(work)).sort((a, b) => a - b)
  return times[Math.floor(count / 2)]
}
const load = update => {
  const doc = peer.make(1000000)
  peer.apply(doc, update)
  return doc
}

const say = measured => fs.writeSync(1, JSON.stringify(measured) + '\n')

const measure = {
  edits() {
    const { txns, endContent } = JSON.parse(fs.readFileSync(file))
    const patches = txns.flatMap(txn => txn.patches)
    say({
      local: median(runs, () => {
        const doc = peer.make(1)
        const updates = []
        peer.onUpdate(doc, update => updates.push(update))
        const text = peer.text(doc)
        for (const [at, removed, inserted] of patches) peer.edit(doc, text, at, removed, inserted)
        if (text.toString() !== endContent) throw new Error('wrong text')
        peer.free(doc)
      })
    })
  },

  updates() {
    const updates = readUpdates(file)
    let doc = peer.make(1000000)
    say({
      apply: median(runs, () => {
        peer.free(doc)
        doc = peer.make(1000000)
        for (const update of updates) peer.apply(doc, update)
      })
    })
    let full = peer.encode(doc)
    say({ encode: median(runs * 10, () => { full = peer.encode(doc) }) })
    say({ load: median(runs * 10, () => peer.free(load(full))) })
    const behind = [...Y.decodeStateVector(Y.encodeStateVectorFromUpdate(full))].map(([client, clock]) => [client, Math.floor(clock * 99 / 100)])
    const stateVector = encodeStateVector(behind)
    const again = load(full)
    say({ diff: median(runs * 100, () => peer.encode(again, stateVector)) })
    peer.free(again)
    const copies = []
    globalThis.gc()
    const before = peer.memory()
    for (let i = 0; i < 20; i++) copies.push(load(full))
    globalThis.gc()
    say({ memory: (peer.memory() - before) / 20 / 1e6 })
  },

  merge() {
    const updates = readUpdates(file)
    say({ merge: median(runs, () => peer.merge(updates)) })
  },

  load() {
    const [full] = readUpdates(file)
    say({ load: median(runs, () => peer.free(load(full))) })
  }
}

const encodeStateVector = entries => {
  const octets = []
  const number = value => {
    for (; value > 127; value = Math.floor(value / 128)) octets.push(128 | (value % 128))
    octets.push(value)
  }
  number(entries.length)
  for (const [client, clock] of entries) { number(client); number(clock) }
  return Uint8Array.from(octets)
}

measure[mode]()
