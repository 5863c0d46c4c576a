import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'

/** How a process ended: one of the two is null. */
export interface Exit {
  readonly code: number | null
  readonly signal: string | null
}

export interface ProcessOptions {
  readonly cwd?: string
  /** Added to the environment of the test; `undefined` removes a variable. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** File descriptors that the process gets as 3, 4, … */
  readonly fds?: readonly number[]
}

/** Variables that a test runner sets for itself, and that a process under test must not see. */
const RUNNER_VARIABLES: readonly string[] = [
  'NODE_ENV',
  'NODE_OPTIONS',
  'FORCE_COLOR',
  'TEST',
  'VITEST',
  'VITEST_MODE',
  'VITEST_POOL_ID',
  'VITEST_WORKER_ID',
]

/** Starts a command in a process group of its own. Rejects when it cannot be executed. */
export async function startProcess(
  command: string,
  args: readonly string[],
  { cwd, env, fds = [] }: ProcessOptions = {},
): Promise<RunningProcess> {
  const variables: NodeJS.ProcessEnv = { ...process.env }
  for (const name of RUNNER_VARIABLES) delete variables[name]
  for (const [name, value] of Object.entries(env ?? {})) {
    if (value === undefined) delete variables[name]
    else variables[name] = value
  }
  const child = spawn(command, args, {
    cwd,
    env: variables,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', ...fds],
  })
  await once(child, 'spawn')
  return new RunningProcess(child, [command, ...args].join(' '))
}

/** A process under test with all its descendants. None of them outlives the test. */
export class RunningProcess implements AsyncDisposable {
  /** Resolves when the process itself has ended and all that it wrote is in `output`. */
  readonly exited: Promise<Exit>
  /** Resolves when its descendants are gone as well, which the end of their shared output shows. */
  readonly closed: Promise<Exit>
  readonly #child: ChildProcess
  readonly #command: string
  readonly #killAtExit = (): void => this.#killGroup()
  readonly #watchers = new Set<() => void>()
  #output = ''
  #isClosed = false

  constructor(child: ChildProcess, command: string) {
    this.#child = child
    this.#command = command
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#output += text
        this.#notifyWatchers()
      })
    }
    this.closed = new Promise(resolve => {
      child.once('close', (code, signal) => {
        this.#isClosed = true
        process.off('exit', this.#killAtExit)
        resolve({ code, signal })
        this.#notifyWatchers()
      })
    })
    this.exited = new Promise(resolve => {
      child.once('exit', (code, signal) => {
        // A descendant may hold the pipes open. What the process itself wrote is read in a few turns of the loop.
        const drained = this.#isGroupAlive() ? turns(5) : this.closed
        void Promise.race([drained, this.closed]).then(() => resolve({ code, signal }))
      })
    })
    process.once('exit', this.#killAtExit)
  }

  get pid(): number {
    const { pid } = this.#child
    if (pid === undefined) throw new Error(`${this.#command} was not started`)
    return pid
  }

  /** Standard output and standard error so far, in the order of arrival. */
  get output(): string {
    return this.#output
  }

  /** Resolves with the first match in the output. Rejects with the output on a timeout, or if it ends without a match. */
  waitForOutput(pattern: RegExp, timeoutMs = 20_000): Promise<RegExpExecArray> {
    const find = (): RegExpExecArray | undefined => {
      pattern.lastIndex = 0
      return pattern.exec(this.#output) ?? undefined
    }
    return this.#waitFor(find, `the output ${pattern}`, timeoutMs)
  }

  /** Resolves when the output has the text for the `count`th time. Rejects as `waitForOutput` does. */
  async waitForTimes(text: string, count: number, timeoutMs = 20_000): Promise<void> {
    const find = (): true | undefined => this.#output.split(text).length > count || undefined
    await this.#waitFor(find, `\`${text}\` ${count} times`, timeoutMs)
  }

  #waitFor<T>(find: () => T | undefined, what: string, timeoutMs: number): Promise<T> {
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        clearTimeout(timer)
        this.#watchers.delete(look)
      }
      const look = (): void => {
        const found = find()
        if (found === undefined && !this.#isClosed) return
        settle()
        if (found === undefined) reject(this.#error(`ended without ${what}`))
        else resolve(found)
      }
      const timer = setTimeout(() => {
        settle()
        reject(this.#error(`did not print ${what} within ${timeoutMs} ms`))
      }, timeoutMs)
      this.#watchers.add(look)
      look()
    })
  }

  /** Sends a signal to the process alone, not to its descendants. */
  signal(name: NodeJS.Signals): void {
    this.#child.kill(name)
  }

  /** Sends the signal to the process, and then does the same as `ended`. */
  stop(name: NodeJS.Signals = 'SIGTERM', timeoutMs = 20_000): Promise<Exit> {
    this.signal(name)
    return this.ended(timeoutMs, name)
  }

  /**
   * Resolves when the process and all its descendants have ended. After `timeoutMs` it kills them and rejects with the
   * output. `cause` is what should have ended them.
   */
  async ended(timeoutMs = 20_000, cause = 'being awaited'): Promise<Exit> {
    const exit = await this.#closedWithin(timeoutMs)
    if (exit !== undefined) return exit
    await this[Symbol.asyncDispose]()
    throw this.#error(`or a descendant did not end within ${timeoutMs} ms of ${cause}`)
  }

  /** Kills what is left of the process group and waits until it is gone. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#killGroup()
    if ((await this.#closedWithin(10_000)) !== undefined) return
    this.#child.stdout?.destroy()
    this.#child.stderr?.destroy()
    throw this.#error('left a descendant that keeps its output open')
  }

  #notifyWatchers(): void {
    for (const look of [...this.#watchers]) look()
  }

  #killGroup(): void {
    try {
      process.kill(-this.pid, 'SIGKILL')
    } catch {
      // The group is gone already.
    }
  }

  #isGroupAlive(): boolean {
    try {
      return process.kill(-this.pid, 0)
    } catch {
      return false
    }
  }

  async #closedWithin(timeoutMs: number): Promise<Exit | undefined> {
    let timer: NodeJS.Timeout | undefined
    const timeout = new Promise<undefined>(resolve => {
      timer = setTimeout(() => resolve(undefined), timeoutMs)
    })
    const exit = await Promise.race([this.closed, timeout])
    clearTimeout(timer)
    return exit
  }

  #error(what: string): Error {
    return new Error(`\`${this.#command}\` (pid ${this.#child.pid}) ${what}. Its output:\n${this.#output}`)
  }
}

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise(resolve => setImmediate(resolve))
}
