/** Metrics of the app, in the arbiter's. */
import { expect, it } from 'vitest'
import { adminAt, scrape } from '../support/admin.js'
import { ask, runArbiter, servingAt } from '../support/run-arbiter.js'

const hits = 'app_hits_total{path="/a\\"b",group="default"}'

it('the metrics of an app are put together over its workers, and go on when workers end', async () => {
  await using server = await runArbiter({ admin: ':0', app: './counts.mjs', workers: 2 })
  const [url, admin] = [await servingAt(server), await adminAt(server)]
  const seen = async (name: string): Promise<number | undefined> => (await scrape(admin)).get(name)
  const pids = new Set<number>()
  let asked = 0
  const askSome = async (count: number): Promise<void> => {
    for (let index = 0; index < count; index += 1) pids.add((await ask(url)).pid)
    asked += count
    await expect.poll(() => seen(hits)).toBe(asked)
  }
  while (pids.size < 2) await askSome(10)
  expect(await seen('app_peak{group="default"}')).toBe(Math.max(...pids))
  expect(await seen('app_seconds_bucket{le="1",group="default"}')).toBe(asked)
  expect(await seen('process_open_fds')).toBeGreaterThan(0)

  // Whatever ends a worker: nothing goes back.
  const [killed = 0] = pids
  process.kill(killed, 'SIGKILL')
  await server.waitForOutput(/was ended by SIGKILL/)
  expect(await seen(hits)).toBe(asked)
  await askSome(10)
  server.signal('SIGHUP')
  await server.waitForOutput(/Reload done/)
  // The last of them may have come a moment before the end.
  await askSome(10)
  expect(await seen('app_seconds_count{group="default"}')).toBe(asked)
  expect((await server.stop()).code).toBe(0)
})

it('what is no metrics of prom-client is left out, and the arbiter goes on', async () => {
  await using server = await runArbiter({ admin: ':0', app: './lies-of-metrics.mjs', workers: 1 })
  const [url, admin] = [await servingAt(server), await adminAt(server)]
  await ask(url)
  expect([...(await scrape(admin)).keys()].filter(name => name.includes('app_'))).toEqual([])
  await server.waitForOutput(/The metrics of the app are not all in \/metrics: .*the registry fails/)
  expect((await server.stop()).code).toBe(0)
})
