/** The installed `tunicorn` with this worker class, on an app of its kind. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { connect } from 'node:net'
import { dirname, join } from 'node:path'

const require = createRequire(import.meta.url)
const command = join(dirname(require.resolve('tunicorn/package.json')), 'bin/tunicorn.js')

export class Server {
  output = ''
  port = 0
  #child
  #watchers = new Set()

  static async start(...args) {
    const server = new Server()
    const all = ['./test/support/store-app.js', '-k', './dist/index.js', '-b', '127.0.0.1:0', ...args]
    server.#child = spawn(process.execPath, [command, ...all], { stdio: ['ignore', 'pipe', 'pipe'] })
    for (const stream of [server.#child.stdout, server.#child.stderr])
      stream.setEncoding('utf8').on('data', text => {
        server.output += text
        for (const look of [...server.#watchers]) look()
      })
    server.#child.on('exit', () => {
      for (const look of [...server.#watchers]) look()
    })
    const [, port] = await server.waitFor(/Listening at: tcp:\/\/\S+:(\d+) /)
    server.port = Number(port)
    // Between the log line and the first worker that serves, the kernel refuses connections.
    while (!(await isAccepted(server.port))) await new Promise(resolve => setTimeout(resolve, 20))
    return server
  }

  /** Resolves with the first match in the output from `from` on. */
  waitFor(pattern, from = 0) {
    return new Promise((resolve, reject) => {
      const look = () => {
        const match = pattern.exec(this.output.slice(from))
        if (match === null && this.#child.exitCode === null) return
        this.#watchers.delete(look)
        if (match === null) reject(new Error(`It ended without ${pattern}:\n${this.output}`))
        else resolve(match)
      }
      this.#watchers.add(look)
      look()
    })
  }

  signal(name) {
    this.#child.kill(name)
  }

  async stop() {
    if (this.#child.exitCode !== null) return this.#child.exitCode
    this.#child.kill('SIGTERM')
    const [code] = await once(this.#child, 'exit')
    return code
  }
}

function isAccepted(port) {
  return new Promise(resolve => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}
