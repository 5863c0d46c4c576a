import { checkAllOk, LoadRun } from '@tunicorn/harness'
import { expect, test } from 'vitest'
import { freshOfThisRun, type Server, serve } from '../support/server.js'

/** Requests by class, as the metrics of the server have them. */
async function counted({ process }: Server): Promise<Readonly<Record<string, number>>> {
  const [, admin] = await process.waitForOutput(/Admin at: (\S+)/)
  const text = await (await fetch(`${admin}/metrics`)).text()
  const series = text.matchAll(/^tunicorn_requests_total\{.*worker_class="sync",code="(\w+)"\} (\d+)$/gm)
  return Object.fromEntries([...series].map(([, code, value]) => [code, Number(value)]))
}

test.each([
  ['one request per process', []],
  ['long-lived processes', ['--max-requests', '0']],
  ['a few requests per process', ['--max-requests', '3']],
])('%s: every request is counted exactly once', async (_name, args) => {
  await using server = await serve({ args: ['--admin', ':0', ...args] })
  const requests = 60
  const isFresh = args.length === 0
  const report = await new LoadRun({
    to: server.url,
    clients: 4,
    maxRequests: requests,
    ...(isFresh && { check: freshOfThisRun(server) }),
  }).finished
  checkAllOk(report)
  const successes = async (): Promise<number | undefined> => (await counted(server))['2xx']
  await expect.poll(successes, { timeout: 20_000 }).toBe(requests)
  // Had one of them been counted twice, this one would be one too many.
  expect((await fetch(server.url)).status).toBe(200)
  await expect.poll(successes, { timeout: 20_000 }).toBe(requests + 1)
  await server.process.stop()
})
