// Compares bossey-crdt with npm yjs, byte for byte, on random histories:
//   node tests/integration/crdt/differential.mjs --binary build/dev/bossey-crdt [--histories 2000] [--seed 1]
// First those of tests/vectors/crdt-found-*.json. Each failing request is saved to tests/vectors/ and can be tried again alone;
// once its cause is known it is kept there as crdt-found-WHAT.json:
//   node tests/integration/crdt/differential.mjs --binary ... --replay tests/vectors/crdt-....json
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { makeCases } from './cases.mjs'
import { Engine } from './engine.mjs'
import { Random } from './random.mjs'
import { answer } from './reference.mjs'

const vectors = path.join(path.dirname(fileURLToPath(import.meta.url)), '../../vectors')
const { values: options } = parseArgs({
  options: {
    binary: { type: 'string' }, histories: { type: 'string', default: '2000' }, seed: { type: 'string', default: '1' },
    replay: { type: 'string', multiple: true, default: [] }, keep: { type: 'string', default: '5' }
  }
})
if (!options.binary) {
  console.error('say where the engine is: --binary build/dev/bossey-crdt')
  process.exit(2)
}
console.error = () => {} // yjs complains of formats that a test makes on purpose
console.warn = () => {}

/** Text with sorted keys, to compare values whatever the order of their keys. */
const stable = value => {
  if (Array.isArray(value)) return '[' + value.map(stable).join(',') + ']'
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  return '{' + Object.keys(value).sort().map(key => JSON.stringify(key) + ':' + stable(value[key])).join(',') + '}'
}

/** Names of the parts in which the replies differ. */
const compare = (expected, actual) => {
  if ('error' in expected || 'error' in actual) return 'error' in expected && 'error' in actual ? [] : ['error: ' + (actual.error ?? expected.error)]
  const parts = new Set([...Object.keys(expected), ...Object.keys(actual)])
  parts.delete('id')
  return [...parts].filter(part => stable(expected[part]) !== stable(actual[part]))
}

const engine = new Engine(options.binary)
let compared = 0
let errors = 0
const failures = []

const check = async (request, name) => {
  const expected = answer(request)
  const actual = await engine.ask({ id: name, ...request })
  compared++
  if ('error' in expected) errors++
  const differing = compare(expected, actual)
  if (differing.length === 0) return true
  failures.push(name)
  console.log(`DIFFERENT ${name} (${request.op}): ${differing.join(', ')}`)
  if (options.replay.length === 0 && failures.length <= Number(options.keep)) {
    const file = path.join(vectors, `crdt-${name}.json`)
    fs.mkdirSync(vectors, { recursive: true })
    fs.writeFileSync(file, JSON.stringify({ request, expected }) + '\n')
    console.log(`  saved as ${path.relative(process.cwd(), file)}`)
  }
  return false
}

if (options.replay.length > 0) {
  for (const file of options.replay) await check(JSON.parse(fs.readFileSync(file, 'utf8')).request, path.basename(file))
} else {
  // What was found before stays right.
  for (const name of fs.readdirSync(vectors).filter(name => name.startsWith('crdt-found-'))) {
    await check(JSON.parse(fs.readFileSync(path.join(vectors, name), 'utf8')).request, name)
  }
  const first = Number(options.seed)
  for (let i = 0; i < Number(options.histories); i++) {
    const seed = first + i
    const cases = makeCases(new Random(seed))
    await Promise.all(cases.map((request, n) => check(request, `${seed}-${n}`)))
  }
}
engine.close()
console.log(`crdt differential: ${compared} requests compared with yjs, ${failures.length} different, ${errors} refused by both` +
  (options.replay.length > 0 ? '' : ` (seeds ${options.seed} to ${Number(options.seed) + Number(options.histories) - 1})`))
process.exit(failures.length === 0 ? 0 : 1)
