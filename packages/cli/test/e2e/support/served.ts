/** The built command with an app of this folder, two workers of the class `event-loop` and a free port. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type RunningProcess, servingUrl, startTunicorn, type TunicornOptions } from '@tunicorn/harness'
import { Agent, request } from 'undici'

/** The folder with one file or folder for every app. */
export const apps: string = fileURLToPath(new URL('../apps/', import.meta.url))

/** Two workers of the class `event-loop` on a free port, and reloads that do not wait. */
export const usual: readonly string[] = [
  ...['-k', 'event-loop', '-w', '2', '-b', '127.0.0.1:0'],
  ...['--canary-seconds', '0'],
]

/** Starts the command for an app and waits until it serves. `args` come last. */
export async function serve(app: string, options: Partial<TunicornOptions> = {}): Promise<Served> {
  const { args = [], ...rest } = options
  const running = await startTunicorn({ cwd: apps, ...rest, args: [app, ...usual, ...args] })
  return whenServing(running)
}

/** Waits until a command that was started serves. Ends it when it never does. */
export async function whenServing(running: RunningProcess): Promise<Served> {
  try {
    return new Served(running, await servingUrl(running))
  } catch (error) {
    await running[Symbol.asyncDispose]()
    throw error
  }
}

export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
}

export interface Ask {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'HEAD'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
}

/** A server that was started by a test, and a client of it. */
export class Served implements AsyncDisposable {
  readonly running: RunningProcess
  /** The first address. */
  readonly url: string
  readonly #agent = new Agent()

  constructor(running: RunningProcess, url: string) {
    this.running = running
    this.url = url
  }

  get output(): string {
    return this.running.output
  }

  /** One request with undici, over connections that are kept. */
  async ask(path: string, { method = 'GET', headers, body }: Ask = {}): Promise<Reply> {
    const response = await request(`${this.url}${path}`, {
      dispatcher: this.#agent,
      method,
      ...(headers !== undefined && { headers }),
      ...(body !== undefined && { body }),
    })
    return { status: response.statusCode, headers: response.headers, text: await response.body.text() }
  }

  /** Posts a value as JSON. */
  post(path: string, value: unknown): Promise<Reply> {
    return this.ask(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(value),
    })
  }

  /** Ends the server with TERM, as an operator does; its client leaves first. */
  async stop(): Promise<{ readonly code: number | null; readonly signal: string | null }> {
    await this.#agent.destroy()
    return this.running.stop('SIGTERM')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#agent.destroy()
    await this.running[Symbol.asyncDispose]()
  }
}

/** Process ids of the workers that the log says were booted, in order, once there are so many. */
export async function bootedPids(running: RunningProcess, count: number): Promise<readonly number[]> {
  await running.waitForOutput(new RegExp(`(Booting worker with pid: \\d+\\b[\\s\\S]*){${count}}`))
  return allBootedPids(running)
}

/**
 * The workers that are still there when the server has ended. One whose output is closed may be about to end, and
 * gets a moment for it.
 */
export async function survivors(running: RunningProcess): Promise<readonly number[]> {
  const end = performance.now() + 5_000
  for (;;) {
    const pids = allBootedPids(running).filter(isAlive)
    if (pids.length === 0 || performance.now() > end) return pids
    // Nobody but its parent is told of the end of a process.
    await new Promise(resolve => setTimeout(resolve, 10))
  }
}

function allBootedPids({ output }: RunningProcess): readonly number[] {
  return [...output.matchAll(/Booting worker with pid: (\d+)\b/g)].map(match => Number(match[1]))
}

/** A process that has ended and that nobody has waited for is not alive. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  return process.platform !== 'linux' || !isZombie(pid)
}

function isZombie(pid: number): boolean {
  try {
    return /\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return true
  }
}
