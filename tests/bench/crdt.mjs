// The table of scripts/bench crdt: the document engine beside npm yjs and ywasm (yrs) on recorded editing sessions,
// each engine in a process of its own, one after the other. What a peer has not done in time is said to be so.
import { execFileSync, spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import zlib from 'node:zlib'
import { concurrentUpdates, writeUpdates } from './crdt_files.mjs'

const { values: options } = parseArgs({
  options: {
    traces: { type: 'string' }, binary: { type: 'string' }, work: { type: 'string' },
    runs: { type: 'string', default: '5' }, only: { type: 'string', default: '' }, 'no-peers': { type: 'boolean', default: false },
    full: { type: 'boolean', default: false }
  }
})
const usual = ['automerge-paper', 'clownschool', 'friendsforever'] // the other sessions with --full
const patienceS = options.full ? 900 : 15 // processor time for all that a peer is asked at once
const here = path.dirname(fileURLToPath(import.meta.url))
const peers = options['no-peers'] ? [] : ['yjs', 'ywasm']
fs.mkdirSync(options.work, { recursive: true })

const run = (command, args) => JSON.parse(execFileSync(command, args, { stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 1 << 30 }))
const ours = (...args) => run(options.binary, args)
/** The peer says each time as soon as it has it; what it has not said when its processor time is up is null. */
const theirs = (peer, keys, ...args) => {
  const node = [process.execPath, '--expose-gc', '--max-old-space-size=8192', path.join(here, 'crdt_peer.mjs'), peer, ...args]
  const done = spawnSync('bash', ['-c', 'ulimit -t "$0" && exec "$@"', String(patienceS), ...node],
    { stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 1 << 30, encoding: 'utf8' })
  const said = done.stdout.split('\n').slice(0, -1).map(line => JSON.parse(line))
  if (done.status !== 0 && done.signal === null) throw new Error(`${peer} ${args.join(' ')} failed`)
  const none = keys.filter(() => done.signal !== null).map(key => [key, null])
  return Object.assign(Object.fromEntries(none), ...said)
}

const show = value => value === undefined ? '-' : value === null ? `>${patienceS} s` : value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value >= 1 ? value.toFixed(2) : value.toFixed(3)
const row = (...cells) => console.log(cells.map((cell, i) => i === 0 ? cell.padEnd(46) : String(cell).padStart(10)).join(''))
const head = title => {
  console.log(`\n${title}`)
  row('', 'bossey', ...peers, peers.length > 0 ? 'yjs/ours' : '')
}
const line = (what, key, measured, unit = 'ms') => {
  const [our, yjs] = measured.map(one => one[key])
  row(`${what}, ${unit}`, ...measured.map(one => show(one[key])), yjs === undefined ? '' : yjs === null ? `>${(patienceS * 1000 / our).toFixed(0)}x` : `${(yjs / our).toFixed(1)}x`)
}
const rows = measured => {
  line('apply all updates one by one', 'apply', measured)
  if (measured[0].local !== undefined) line('local edits, one update for each', 'local', measured)
  line('encode the full state', 'encode', measured)
  line('load a full state', 'load', measured)
  line('diff for a client 1% behind', 'diff', measured)
  line('the same, first client after a change', 'diff_first', measured)
  line('merge all updates into one', 'merge', measured)
  line('memory of the loaded document', 'memory', measured, 'MB')
}

const traces = []
for (const kind of ['sequential', 'concurrent']) {
  for (const name of fs.readdirSync(path.join(options.traces, kind)).filter(name => name.endsWith('.json.gz')).sort()) {
    if (kind === 'sequential' && name.includes('_flat')) continue // the concurrent ones are the same sessions
    const base = name.replace('.json.gz', '')
    if (options.only !== '' ? !base.includes(options.only) : !options.full && !usual.includes(base)) continue
    const json = path.join(options.work, `${base}.json`)
    fs.writeFileSync(json, zlib.gunzipSync(fs.readFileSync(path.join(options.traces, kind, name))))
    traces.push({ kind, base, json, updates: path.join(options.work, `${base}.updates`) })
  }
}

console.log(`${os.cpus().length} processors, ${os.cpus()[0].model}, Node ${process.version}; processor time, medians of ${options.runs} runs ` +
  `(peers: 1 where there are over 100,000 updates); other work on the machine: load ${os.loadavg().map(load => load.toFixed(1)).join(' ')}`)
for (const trace of traces) {
  const measured = [{}, ...peers.map(() => ({}))]
  const { txns, numAgents } = JSON.parse(fs.readFileSync(trace.json))
  if (trace.kind === 'sequential') {
    Object.assign(measured[0], ours('edits', trace.json, options.runs, trace.updates))
    peers.forEach((peer, i) => Object.assign(measured[i + 1], theirs(peer, ['local'], 'edits', trace.json, '1')))
  } else if (!fs.existsSync(trace.updates)) {
    writeUpdates(trace.updates, concurrentUpdates(JSON.parse(fs.readFileSync(trace.json))))
  }
  Object.assign(measured[0], ours('updates', trace.updates, options.runs))
  peers.forEach((peer, i) => Object.assign(measured[i + 1], theirs(peer, ['apply', 'encode', 'load', 'diff', 'memory'], 'updates', trace.updates, txns.length > 100000 ? '1' : options.runs)))
  if (peers.includes('yjs')) Object.assign(measured[1], theirs('yjs', ['merge'], 'merge', trace.updates, '1')) // ywasm has no such function
  head(`${trace.base}: ${measured[0].updates} updates${numAgents ? ` of ${numAgents} people` : ''}, full state ${measured[0].octets} octets`)
  rows(measured)
}

const paper = traces.find(trace => trace.base === 'automerge-paper')
if (paper !== undefined) {
  const copies = 100
  const file = path.join(options.work, 'copies.updates')
  const grown = ours('growth', paper.json, String(copies), file)
  head(`${copies} copies of automerge-paper, each by a client of its own: full state ${grown.octets} octets`)
  line('load the full state', 'load', [grown, ...peers.map(peer => theirs(peer, ['load'], 'load', file, '1'))])
  for (const [what, key] of [['local edits', 'local'], ['apply one by one', 'apply']]) {
    row(`${what}, first ten copies, ms each`, show(grown[`${key}_first`]))
    row(`${what}, last ten copies, ms each`, show(grown[`${key}_last`]), `${(grown[`${key}_last`] / grown[`${key}_first`]).toFixed(2)}x`)
  }
  const flood = ours('flood')
  console.log('\nfloods, ms')
  row('', '3,000', '100,000')
  for (const [what, key] of [
    ['updates of which the first comes last', 'first_last'], ['every other update first', 'every_other'],
    ['each client\'s second update first', 'all_clients']
  ]) row(what, show(flood[`${key}_3000`]), show(flood[`${key}_100000`]))
  row('', '1,000', '8,000')
  row('clients that insert at one place', show(flood.competitors_1000), show(flood.competitors_8000))
}
