/** A process of the suite's own that reports over IPC. */
import { type ChildProcess, fork } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { howOf } from './how-of.js'
import { descendants, endAll } from './process-table.js'

export interface ChildPlan {
  readonly module: URL
  readonly args: readonly string[]
  readonly cwd: string
  /** Its output is discarded, including that of processes that it starts and leaves behind. @default false */
  readonly isQuiet?: boolean
}

/** The most characters of output in the message of a failure. */
const maxShown = 2_000

export class Child<Report> implements AsyncDisposable {
  readonly reports: Report[] = []
  /** Standard output and standard error. */
  output = ''
  /** How it ended, once it has. */
  exit: { readonly code: number | null; readonly signal: string | null } | undefined
  readonly #child: ChildProcess
  readonly #changes = new EventEmitter().setMaxListeners(0)

  /** `module` sends nothing but reports. */
  constructor({ module, args, cwd, isQuiet = false }: ChildPlan) {
    const output = isQuiet ? 'ignore' : 'pipe'
    const child = fork(fileURLToPath(module), args, {
      cwd,
      env: { ...process.env, TMPDIR: cwd },
      execArgv: [],
      stdio: ['ignore', output, output, 'ipc'],
    })
    this.#child = child
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', text => {
        this.output += text
      })
    child.on('message', message => {
      // The process is our own, and the type parameter says what it reports.
      this.reports.push(message as Report)
      this.#changes.emit('change')
    })
    child.on('error', () => {})
    // It comes after `exit`, when the output is complete.
    child.on('close', (code, signal) => {
      this.exit = { code, signal }
      this.#changes.emit('change')
    })
  }

  get pid(): number {
    const { pid } = this.#child
    if (pid === undefined) throw new Error('The process could not be started')
    return pid
  }

  /** Tells the process to go on. */
  proceed(): void {
    if (this.#child.connected) this.#child.send('proceed')
  }

  kill(): void {
    this.#child.kill('SIGKILL')
  }

  /** Resolves with the first report that `find` accepts. Rejects when the process ends without one. */
  async report<Found extends Report>(find: (report: Report) => report is Found): Promise<Found> {
    for (;;) {
      const found = this.reports.find(find)
      if (found !== undefined) return found
      if (this.exit) throw new Error(`The process ended without a report: ${this.output}`)
      await once(this.#changes, 'change')
    }
  }

  async ended(): Promise<void> {
    while (this.exit === undefined) await once(this.#changes, 'change')
  }

  fact(): string {
    const { exit, output, reports } = this
    const state = exit === undefined ? 'still alive' : `ended with ${howOf(exit)}`
    const said = output === '' ? '' : `; it printed: ${output.slice(-maxShown).trimEnd()}`
    return `a process of the suite's own, ${state}; reports: ${reports.length}${said}`
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.exit !== undefined) return
    const started = await descendants(this.pid)
    this.kill()
    await this.ended()
    // A class that breaks the contract may have workers that do not end with their arbiter.
    await endAll(started)
  }
}
