/** The built command with this class and an app that says who served it. */
import { connect, type Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import { type Answer, listeningUrl, type RunningProcess, servingUrl, startTunicorn } from '@tunicorn/harness'

const apps = fileURLToPath(new URL('../apps/', import.meta.url))
const workerClass = fileURLToPath(new URL('../../dist/index.js', import.meta.url))

/** What the app answers. */
export interface Identity {
  readonly pid: number
  readonly generation: number
  /** Requests that its process has begun. */
  readonly requests: number
  /** Requests that its process had in flight, with this one. */
  readonly maxInFlight: number
  readonly leaked: number
  /** Milliseconds since the epoch. */
  readonly beganAt: number
  readonly endedAt: number
}

export interface ServerOptions {
  readonly workers?: number
  /** @default 'identity.mjs' */
  readonly app?: string
  readonly args?: readonly string[]
  readonly env?: NodeJS.ProcessEnv
}

export interface Server extends AsyncDisposable {
  readonly process: RunningProcess
  readonly url: string
  readonly port: number
}

/** Starts a server and resolves when it serves. */
export async function serve({
  workers = 2,
  app = 'identity.mjs',
  args = [],
  env = {},
}: ServerOptions = {}): Promise<Server> {
  const usual = ['--log-format', 'text', '--log-level', 'debug', '--canary-seconds', '0.5']
  const process = await startTunicorn({
    args: [app, '-k', workerClass, '-w', String(workers), '-b', '127.0.0.1:0', ...usual, ...args],
    cwd: apps,
    env,
  })
  await servingUrl(process)
  const url = await listeningUrl(process)
  return {
    process,
    url,
    port: Number(new URL(url).port),
    [Symbol.asyncDispose]: () => process[Symbol.asyncDispose](),
  }
}

export async function ask(server: Server, path = '/'): Promise<Identity> {
  const response = await fetch(server.url + path)
  return identityOf(await response.text())
}

function identityOf(body: string): Identity {
  const identity: Identity = JSON.parse(body)
  return identity
}

/** A check for answers under load: of a worker of this run. Labelled by generation. */
export function ofThisRun(server: Server): (answer: Answer) => string {
  return ({ body }) => `generation ${workerOfThisRun(server, body).generation}`
}

/** The same, of a worker which had not served before. */
export function freshOfThisRun(server: Server): (answer: Answer) => string {
  const seen = new Set<number>()
  return ({ body }) => {
    const { pid, generation, requests } = workerOfThisRun(server, body)
    if (seen.has(pid) || requests !== 1) throw new Error(`process ${pid} has served before`)
    seen.add(pid)
    return `generation ${generation}`
  }
}

function workerOfThisRun(server: Server, body: string): Identity {
  const identity = identityOf(body)
  if (!server.process.output.includes(`Booting worker with pid: ${identity.pid} `))
    throw new Error(`process ${identity.pid} is not a worker of this run`)
  return identity
}

/** A client that asks and does not read. */
export function slowReader({ port }: Server, path: string): Socket {
  const client = connect(port, '127.0.0.1')
  client.pause().on('error', () => undefined)
  client.write(`GET ${path} HTTP/1.1\r\nHost: test\r\n\r\n`)
  return client
}

/** The largest number of requests that were in the hands of the app at the same time. */
export function maxAtOnce(identities: readonly Identity[]): number {
  const changes = identities.flatMap(({ beganAt, endedAt }) => [
    { at: beganAt, by: 1 },
    { at: endedAt, by: -1 },
  ])
  // One that ends makes room for one that begins in the same instant.
  changes.sort((left, right) => left.at - right.at || left.by - right.by)
  let now = 0
  let most = 0
  for (const { by } of changes) {
    now += by
    most = Math.max(most, now)
  }
  return most
}
