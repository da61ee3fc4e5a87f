// bossey-crdt as a child process: requests in, replies out, in order.
import { spawn } from 'node:child_process'
import readline from 'node:readline'

export class Engine {
  constructor(binary) {
    this.child = spawn(binary, [], { stdio: ['pipe', 'pipe', 'inherit'] })
    this.waiting = []
    readline.createInterface({ input: this.child.stdout, crlfDelay: Infinity })
      .on('line', line => this.waiting.shift().resolve(JSON.parse(line)))
    this.child.on('close', code => {
      for (const { reject } of this.waiting.splice(0)) reject(new Error(`bossey-crdt ended with ${code}`))
    })
    this.child.stdin.on('error', () => {})
  }

  ask(request) {
    return new Promise((resolve, reject) => {
      this.waiting.push({ resolve, reject })
      this.child.stdin.write(JSON.stringify(request) + '\n')
    })
  }

  close() { this.child.stdin.end() }
}
