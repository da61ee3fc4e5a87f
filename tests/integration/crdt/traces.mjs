// Real editing sessions end in the text that they say, by local edits and by applying the updates:
//   node tests/integration/crdt/traces.mjs --binary build/release/bossey-crdt [--traces ../shared/data/traces]
// Does nothing, and says so, where the traces are not there.
import fs from 'node:fs'
import path from 'node:path'
import zlib from 'node:zlib'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import * as Y from 'yjs'
import { Engine } from './engine.mjs'
import { toBase64 } from './reference.mjs'

const project = path.join(path.dirname(fileURLToPath(import.meta.url)), '../../..')
const { values: options } = parseArgs({
  options: { binary: { type: 'string' }, traces: { type: 'string', default: path.join(project, '../shared/data/traces') } }
})
if (!fs.existsSync(options.traces)) {
  console.log(`crdt traces: none at ${options.traces}, nothing checked`)
  process.exit(0)
}

const readTraces = kind => fs.readdirSync(path.join(options.traces, kind)).filter(name => name.endsWith('.json.gz'))
  .map(name => ({ name: `${kind}/${name}`, trace: JSON.parse(zlib.gunzipSync(fs.readFileSync(path.join(options.traces, kind, name)))) }))

const engine = new Engine(options.binary)
const roots = { t: 'text' }
let failed = 0
const check = (condition, what) => {
  if (!condition) failed++
  console.log(`${condition ? 'ok  ' : 'FAIL'} ${what}`)
}

/** Texts of the traces have no characters beyond U+FFFF, so that code points and UTF-16 units are the same. */
const scriptOf = trace => {
  const script = []
  for (const { patches } of trace.txns) {
    for (const [at, removed, inserted] of patches) {
      if (removed > 0) script.push(['text.delete', 't', at, removed])
      if (inserted !== '') script.push(['text.insert', 't', at, inserted])
    }
  }
  return script
}

const applyAll = async (updates, gc, end, name) => {
  const reply = await engine.ask({ op: 'case', v: 1, gc, typed: 'before', roots, updates, diffSv: null })
  check(reply.string?.t === end && reply.pending === false, name)
  return reply
}

for (const { name, trace } of readTraces('sequential')) {
  const local = await engine.ask({ op: 'local', clientID: 7, gc: true, roots, script: scriptOf(trace) })
  check(local.string?.t === trace.endContent, `${name}: local edits`)
  const applied = await applyAll(local.localU1, true, trace.endContent, `${name}: ${local.localU1.length} updates one by one`)
  check(applied.full1 === local.full1 && applied.full2 === local.full2, `${name}: same full state on both sides`)
  const loaded = await applyAll([local.full1], true, trace.endContent, `${name}: full state`)
  check(loaded.full1 === local.full1, `${name}: full state written again`)
  if (trace.txns.length < 30000) {
    const doc = new Y.Doc()
    for (const update of local.localU1) Y.applyUpdate(doc, new Uint8Array(Buffer.from(update, 'base64')))
    check(toBase64(Y.encodeStateAsUpdate(doc)) === local.full1, `${name}: same full state as yjs`)
  }
}

for (const { name, trace } of readTraces('concurrent')) {
  // One replica an agent; before each change it takes in what the change builds on.
  const updates = []
  const agents = Array.from({ length: trace.numAgents }, (_, agent) => {
    const doc = new Y.Doc()
    doc.clientID = 100 + agent
    const known = new Set()
    return { doc, known, text: doc.getText('t') }
  })
  const takeIn = (agent, index) => {
    const todo = [index]
    while (todo.length > 0) {
      const i = todo[todo.length - 1]
      if (agent.known.has(i)) { todo.pop(); continue }
      const missing = trace.txns[i].parents.filter(parent => !agent.known.has(parent))
      if (missing.length > 0) { todo.push(...missing); continue }
      if (updates[i] !== null) Y.applyUpdate(agent.doc, updates[i])
      agent.known.add(i)
      todo.pop()
    }
  }
  trace.txns.forEach((txn, i) => {
    const agent = agents[txn.agent]
    for (const parent of txn.parents) takeIn(agent, parent)
    const before = Y.encodeStateVector(agent.doc)
    let made = null
    const note = update => { made = update }
    agent.doc.on('update', note)
    agent.doc.transact(() => {
      for (const [at, removed, inserted] of txn.patches) {
        if (removed > 0) agent.text.delete(at, removed)
        if (inserted !== '') agent.text.insert(at, inserted)
      }
    })
    agent.doc.off('update', note)
    updates.push(made ?? Y.encodeStateAsUpdate(agent.doc, before))
    agent.known.add(i)
  })
  const doc = new Y.Doc()
  for (const update of updates) Y.applyUpdate(doc, update)
  const end = doc.getText('t').toString()
  const applied = await applyAll(updates.map(toBase64), true, end, `${name}: ${updates.length} updates one by one`)
  check(applied.full1 === toBase64(Y.encodeStateAsUpdate(doc)), `${name}: same full state as yjs`)
  check(end === trace.endContent, `${name}: the text of the trace`)
}

engine.close()
console.log(`crdt traces: ${failed} checks failed`)
process.exit(failed === 0 ? 0 : 1)
