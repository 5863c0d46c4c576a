/** The installed `tunicorn` with the config beside this file. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const require = createRequire(import.meta.url)
const command = join(dirname(require.resolve('tunicorn/package.json')), 'bin/tunicorn.js')

export class Server {
  output = ''
  #child
  #watchers = new Set()

  constructor(env) {
    const args = [command, '--config', './test/support/tunicorn.config.mjs']
    this.#child = spawn(process.execPath, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
    })
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream.setEncoding('utf8').on('data', text => {
        this.output += text
        this.#look()
      })
    this.#child.on('exit', () => this.#look())
  }

  /** Resolves with the first match in the output. */
  waitFor(pattern) {
    return new Promise((resolve, reject) => {
      const look = () => {
        const match = pattern.exec(this.output)
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

  #look() {
    for (const look of [...this.#watchers]) look()
  }
}
