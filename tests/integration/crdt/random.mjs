// A small seeded generator (mulberry32), so that every history can be made again from its seed.
export class Random {
  constructor(seed) { this.state = seed >>> 0 }

  /** A number in [0, 1). */
  next() {
    this.state = (this.state + 0x6D2B79F5) >>> 0
    let t = this.state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }

  below(n) { return Math.floor(this.next() * n) }
  chance(p) { return this.next() < p }
  pick(list) { return list[this.below(list.length)] }

  shuffle(list) {
    const out = [...list]
    for (let i = out.length - 1; i > 0; i--) {
      const j = this.below(i + 1)
      ;[out[i], out[j]] = [out[j], out[i]]
    }
    return out
  }
}
