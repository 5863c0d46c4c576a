import { checkAllOk, LoadRun } from '@tunicorn/harness'
import { expect } from 'vitest'
import { freshOfThisRun, type Server, serve } from '../support/server.js'

/** Limits on the requests of one process, as arguments of the command. */
export const lives: readonly (readonly [name: string, args: readonly string[]])[] = [
  ['one request per process', []],
  ['long-lived processes', ['--max-requests', '0']],
  ['a few requests per process', ['--max-requests', '3']],
]

/** The metrics have every request exactly once. */
export async function countRequests(requests: number, args: readonly string[]): Promise<void> {
  await using server = await serve({ args: ['--admin', ':0', ...args] })
  const report = await new LoadRun({
    to: server.url,
    clients: 4,
    maxRequests: requests,
    ...(args.length === 0 && { check: freshOfThisRun(server) }),
  }).finished
  checkAllOk(report)
  const successes = async (): Promise<number | undefined> => (await counted(server))['2xx']
  await expect.poll(successes).toBe(requests)
  // Had one of them been counted twice, this one would be one too many.
  expect((await fetch(server.url)).status).toBe(200)
  await expect.poll(successes).toBe(requests + 1)
  await server.process.stop()
}

/** Requests by class, as the metrics of the server have them. */
async function counted({ process }: Server): Promise<Readonly<Record<string, number>>> {
  const [, admin] = await process.waitForOutput(/Admin at: (\S+)/)
  const text = await (await fetch(`${admin}/metrics`)).text()
  const series = text.matchAll(/^tunicorn_requests_total\{.*worker_class="sync",code="(\w+)"\} (\d+)$/gm)
  return Object.fromEntries([...series].map(([, code, value]) => [code, Number(value)]))
}
