/** The server under test of this folder: the built command, the event-loop class, an app that says who it is. */
import { readdirSync, readFileSync } from 'node:fs'
import { get } from 'node:http'
import { fileURLToPath } from 'node:url'
import { type Answer, type RunningProcess, servingUrl, startTunicorn } from '@tunicorn/harness'

const apps = fileURLToPath(new URL('./apps/', import.meta.url))
/** By its path, so that an app anywhere can name it. */
const workerClass = fileURLToPath(new URL('../../../worker-event-loop/dist/index.js', import.meta.url))
export const identityApp: string = `${apps}identity.mjs`

export interface ServerOptions {
  readonly app?: string
  readonly workers?: number
  readonly bind?: string
  /** The canary window of reloads. @default 0: most tests look at what comes after it */
  readonly canarySeconds?: number
  readonly args?: readonly string[]
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
}

/** Starts a server and resolves when it serves. */
export async function serve(options: ServerOptions = {}): Promise<RunningProcess> {
  const { app = identityApp, workers = 2, bind = '127.0.0.1:0', canarySeconds = 0 } = options
  const { args = [], cwd = apps, env = {} } = options
  const server = await startTunicorn({
    args: [
      ...[app, '-k', workerClass, '-w', String(workers), '-b', bind, '--log-format', 'text'],
      ...['--canary-seconds', String(canarySeconds), ...args],
    ],
    cwd,
    env,
  })
  await servingUrl(server)
  return server
}

/** Process ids of the workers that the log says were booted, in order. */
export function bootedPids(server: RunningProcess): readonly number[] {
  return [...server.output.matchAll(/Booting worker with pid: (\d+)/g)].map(match => Number(match[1]))
}

/** Accepts an answer only of a worker of this run; labels it with the generation. */
export function fromThisRun(server: RunningProcess): (answer: Answer) => string {
  const known = new Set<number>()
  return ({ body }) => {
    const { pid, generation }: { readonly pid: number; readonly generation: number } = JSON.parse(body)
    if (!known.has(pid)) for (const booted of bootedPids(server)) known.add(booted)
    if (!known.has(pid)) throw new Error(`process ${pid} is not a worker of this run`)
    return `generation ${generation}`
  }
}

/** A pattern that matches once its text has come so many times. */
class Times extends RegExp {
  readonly #count: number

  constructor(text: string, count: number) {
    super(text, 'g')
    this.#count = count
  }

  override exec(text: string): RegExpExecArray | null {
    return text.split(this.source).length > this.#count ? /^/.exec(text) : null
  }
}

/** Resolves when the log says `text` for the `count`th time. */
export async function waitForTimes(server: RunningProcess, text: string, count: number): Promise<void> {
  await server.waitForOutput(new Times(text, count), 60_000)
}

/** Bytes of memory that the process has. */
export function rss(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Number(kilobytes) * 1024
}

export function openDescriptors(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length
}

/** Children of a process that have ended and were not reaped. */
export function zombiesOf(pid: number): readonly number[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .filter(name => {
      try {
        return readFileSync(`/proc/${name}/stat`, 'utf8').includes(`) Z ${pid} `)
      } catch {
        return false
      }
    })
    .map(Number)
}

/** Knows the arbiters that upgrades have started, and ends those that are left. */
export function reapingSuccessors(server: RunningProcess): Disposable & { newest(): number } {
  const pids = (): readonly number[] =>
    [...server.output.matchAll(/starting a new arbiter with pid: (\d+)/g)].map(match => Number(match[1]))
  return {
    newest: () => pids().at(-1) ?? server.pid,
    [Symbol.dispose]() {
      for (const pid of pids()) {
        try {
          process.kill(pid, 'SIGKILL')
        } catch {
          // It has ended.
        }
      }
    },
  }
}

/** Status of one request on a connection of its own, so that no idle one makes a drain linger. */
export function statusOf(url: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent: false, headers: { connection: 'close' } }, response => {
      response.resume()
      response.once('end', () => resolve(response.statusCode ?? 0))
    })
    request.once('error', reject)
  })
}
