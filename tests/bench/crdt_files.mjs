// Files of updates, each after its length in four octets (little-endian), and updates of traces of several people.
import fs from 'node:fs'
import * as Y from 'yjs'

export const readUpdates = file => {
  const octets = fs.readFileSync(file)
  const updates = []
  for (let at = 0; at < octets.length;) {
    const size = octets.readUInt32LE(at)
    updates.push(new Uint8Array(octets.buffer, octets.byteOffset + at + 4, size))
    at += 4 + size
  }
  return updates
}

export const writeUpdates = (file, updates) => {
  const parts = []
  for (const update of updates) {
    const size = Buffer.alloc(4)
    size.writeUInt32LE(update.length)
    parts.push(size, update)
  }
  fs.writeFileSync(file, Buffer.concat(parts))
}

/** One replica an agent; before each change it takes in what the change builds on. The updates in the trace's order. */
export const concurrentUpdates = trace => {
  const updates = []
  const agents = Array.from({ length: trace.numAgents }, (_, agent) => {
    const doc = new Y.Doc()
    doc.clientID = 100 + agent
    return { doc, text: doc.getText('t'), known: new Set() }
  })
  const takeIn = (agent, index) => {
    const todo = [index]
    while (todo.length > 0) {
      const i = todo[todo.length - 1]
      const missing = agent.known.has(i) ? [] : trace.txns[i].parents.filter(parent => !agent.known.has(parent))
      if (missing.length > 0) { todo.push(...missing); continue }
      if (!agent.known.has(i)) Y.applyUpdate(agent.doc, updates[i])
      agent.known.add(i)
      todo.pop()
    }
  }
  trace.txns.forEach(({ agent: number, parents, patches }, i) => {
    const agent = agents[number]
    for (const parent of parents) takeIn(agent, parent)
    const before = Y.encodeStateVector(agent.doc)
    let made = null
    const note = update => { made = update }
    agent.doc.on('update', note)
    agent.doc.transact(() => {
      for (const [at, removed, inserted] of patches) {
        if (removed > 0) agent.text.delete(at, removed)
        if (inserted !== '') agent.text.insert(at, inserted)
      }
    })
    agent.doc.off('update', note)
    updates.push(made ?? Y.encodeStateAsUpdate(agent.doc, before))
    agent.known.add(i)
  })
  return updates
}
