// Seeds for the fuzz targets of the engine: updates of a few random histories, in the forms that the targets read.
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { makeHistory } from './history.mjs'
import { Random } from './random.mjs'

const corpus = path.join(path.dirname(fileURLToPath(import.meta.url)), '../../fuzz/corpus')
const put = (target, name, octets) => {
  fs.mkdirSync(path.join(corpus, target), { recursive: true })
  fs.writeFileSync(path.join(corpus, target, name), octets)
}
/** Length octet, then the update; an even length says v1 to the apply target, so v2 updates of even length are left out. */
const framed = list => Buffer.concat(list.filter(update => update.length < 256).flatMap(update => [Buffer.from([update.length]), Buffer.from(update)]))

for (let seed = 1; seed <= 12; seed++) {
  const { updates, fulls } = makeHistory(new Random(seed))
  if (updates.length === 0) continue
  if (fulls[0].v1.length < 600) put('update_v1', `full-${seed}`, fulls[0].v1)
  if (fulls[0].v2.length < 600) put('update_v2', `full-${seed}`, fulls[0].v2)
  put('update_v1', `step-${seed}`, updates[0].v1)
  put('update_v2', `step-${seed}`, updates[0].v2)
  put('merge', `history-${seed}`, framed(updates.slice(0, 8).map(update => update.v1)))
  put('apply', `history-${seed}`, framed(updates.slice(0, 8).map(update => update.v1.length % 2 === 0 ? update.v1 : update.v2).filter((update, i) => (update.length % 2 === 0) === (updates[i].v1.length % 2 === 0))))
}
