/** The server under test of this folder: the built command, the event-loop class, an app that says who it is. */
import { get } from 'node:http'
import { fileURLToPath } from 'node:url'
import { type Answer, bootedPids, type RunningProcess, servingUrl, startTunicorn } from '@tunicorn/harness'

export const apps: string = fileURLToPath(new URL('./apps/', import.meta.url))
/** By its path, so that an app anywhere can name it. */
const eventLoop = fileURLToPath(new URL('../../../worker-event-loop/dist/index.js', import.meta.url))
export const identityApp: string = `${apps}identity.mjs`

export interface ServerOptions {
  readonly app?: string
  /** Path of the built class. @default that of `event-loop` */
  readonly workerClass?: string
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
  return whenServing(await start(options))
}

/** Does not wait for it. */
export function start(options: ServerOptions = {}): Promise<RunningProcess> {
  const { cwd = apps, env = {} } = options
  return startTunicorn({ args: commandLine(options), cwd, env })
}

/** The arguments of the command. */
export function commandLine(options: Omit<ServerOptions, 'cwd' | 'env'> = {}): readonly string[] {
  const { app = identityApp, workerClass = eventLoop, workers = 2, bind = '127.0.0.1:0' } = options
  const { canarySeconds = 0, args = [] } = options
  const server = [app, '-k', workerClass, '-w', String(workers), '-b', bind]
  return [...server, '--log-format', 'text', '--canary-seconds', String(canarySeconds), ...args]
}

/** Resolves with the same server when it serves. */
export async function whenServing(server: RunningProcess): Promise<RunningProcess> {
  await servingUrl(server)
  return server
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
