/** A Redis server of the test's own, on a Unix socket, without a file. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'

export class RedisServer {
  path
  client
  #directory
  #child

  static async start() {
    const server = new RedisServer()
    server.#directory = await mkdtemp(join(tmpdir(), 'tunicorn-queue-'))
    server.path = join(server.#directory, 's')
    const args = ['--port', '0', '--unixsocket', server.path, '--save', '', '--dir', server.#directory]
    server.#child = spawn('redis-server', args, { stdio: 'ignore' })
    server.client = new Redis(server.path, { retryStrategy: () => 20, maxRetriesPerRequest: null })
    // Until it listens.
    server.client.on('error', () => {})
    await server.client.ping()
    return server
  }

  /** Adds a job. Resolves with its id. */
  async add(name, data = {}) {
    return this.client.xadd('jobs', '*', 'name', name, 'data', JSON.stringify(data))
  }

  /** Jobs that are not done. */
  async left() {
    return this.client.xlen('jobs')
  }

  /** How often a command was called. */
  async calls(command) {
    const stats = await this.client.info('commandstats')
    return Number(new RegExp(`^cmdstat_${command}:calls=(\\d+)`, 'm').exec(stats)?.[1] ?? 0)
  }

  async stop() {
    this.client.disconnect()
    this.#child.kill('SIGTERM')
    if (this.#child.exitCode === null) await once(this.#child, 'exit')
    await rm(this.#directory, { recursive: true })
  }
}

/** What the jobs of `jobs-app.js` tell, in order. */
export class Journal {
  entries = []
  #client

  constructor(server) {
    this.#client = server.client.duplicate()
  }

  /** Resolves with the next entry for which `wanted` holds, whether it has come or comes. */
  async find(wanted) {
    for (;;) {
      const found = this.entries.find(wanted)
      if (found !== undefined) return found
      const [, text] = await this.#client.blpop('journal', 0)
      this.entries.push(JSON.parse(text))
    }
  }

  close() {
    this.#client.disconnect()
  }
}
