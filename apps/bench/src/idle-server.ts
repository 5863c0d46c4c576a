/** A Tunicorn server whose workers all serve, and which gets no requests. */
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { TunicornError } from '@tunicorn/arbiter'
import { ControlClient, type ServerStatus } from '@tunicorn/arbiter/control'
import { servingUrl, startProcess, temporaryDirectory, tunicornMain } from '@tunicorn/harness'

/** A server with all its workers. */
export interface IdleServer {
  readonly arbiter: number
  readonly workers: readonly number[]
  /** Path of its control socket. */
  readonly control: string
  /** Its first address. */
  readonly url: string
}

/** Many workers on few cores take minutes to boot. */
const bootMs = 600_000
const lookMs = 250

/** Starts Tunicorn with a control socket of its own and calls `observe` when all of its workers serve. */
export async function withIdleServer<T>(
  args: readonly string[],
  observe: (server: IdleServer) => Promise<T>,
): Promise<T> {
  await using directory = await temporaryDirectory()
  const control = join(directory.path, 'control.sock')
  const own = ['--control', control, '--boot-timeout', String(bootMs / 1000)]
  await using server = await startProcess(process.execPath, [tunicornMain, ...args, ...own])
  const url = await servingUrl(server, bootMs)
  const result = await observe({ arbiter: server.pid, workers: await servingWorkers(control), control, url })
  await server.stop('SIGTERM', bootMs)
  return result
}

async function servingWorkers(control: string): Promise<readonly number[]> {
  const client = new ControlClient(control)
  for (const startedAt = performance.now(); performance.now() - startedAt < bootMs; await delay(lookMs)) {
    const groups = await groupsOf(client)
    if (groups === undefined) continue
    const serving = groups.flatMap(({ workers }) =>
      workers.flatMap(({ state, pid }) => (state === 'serving' && pid !== null ? [pid] : [])),
    )
    if (serving.length === groups.reduce((wanted, { target }) => wanted + target, 0)) return serving
  }
  throw new Error(`The workers do not all serve after ${bootMs / 1000} s`)
}

/** `undefined`: the socket is not there yet. It comes after the addresses. */
async function groupsOf(client: ControlClient): Promise<ServerStatus['groups'] | undefined> {
  try {
    return (await client.status()).groups
  } catch (error) {
    if (error instanceof TunicornError && error.code === 'CONTROL_UNREACHABLE') return undefined
    throw error
  }
}
