import { bootedPids, LoadRun, temporaryDirectory } from '@tunicorn/harness'
import { expect, test } from 'vitest'
import { adminAt } from '../support/admin.js'
import { documentedMetrics } from '../support/documented-metrics.js'
import { hasPrometheus, Prometheus } from '../support/prometheus.js'
import { allQueries } from '../support/queries.js'
import { runArbiter, servingAt } from '../support/run-arbiter.js'

const intervalMs = 500
/** Everything that happens in this test, and more. */
const range = '5m'

/** What a server without certificates, autoscale and a queue of its own does not have. */
const absentHere = /certificate_expiry|autoscale|queueLength/

/** Resolves after so many more scrapes. */
async function scrapes(prometheus: Prometheus, count: number): Promise<void> {
  const seen = async (): Promise<number> => (await prometheus.values(`count_over_time(up[${range}])`))[0] ?? 0
  const goal = (await seen()) + count
  await expect.poll(seen, { timeout: 20_000, interval: 100 }).toBeGreaterThanOrEqual(goal)
}

/** The series that may only grow and that this server makes. */
async function counters(): Promise<readonly string[]> {
  const names = (await documentedMetrics()).flatMap(({ name, type }) => {
    if (type === 'counter') return [name]
    return type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : []
  })
  return names.filter(name => process.platform === 'linux' || !name.startsWith('tunicorn_listen'))
}

if (hasPrometheus() || process.env.CI)
  test('a Prometheus sees no gap and no counter that goes back, through a kill and a reload under load', async () => {
    await using directory = await temporaryDirectory()
    await using server = await runArbiter({ admin: ':0', workers: 2 })
    const [url, admin] = [await servingAt(server), await adminAt(server)]
    await using load = new LoadRun({ to: url, keepAlive: false, clients: 2, pauseMs: 10 })
    await load.waitForAnswers(10)
    await using prometheus = await Prometheus.start(new URL(admin).host, directory.path, intervalMs)
    await scrapes(prometheus, 3)
    const [killed = 0] = bootedPids(server)
    process.kill(killed, 'SIGKILL')
    await server.waitForOutput(/was ended by SIGKILL/)
    await scrapes(prometheus, 3)
    server.signal('SIGHUP')
    await server.waitForOutput(/Reload done/)
    await scrapes(prometheus, 4)

    const up = (await prometheus.query(`up[${range}]`))[0]?.values ?? []
    expect(up.length).toBeGreaterThanOrEqual(10)
    expect(up.every(([, value]) => value === '1')).toBe(true)
    for (const name of await counters()) {
      const resets = await prometheus.values(`resets(${name}[${range}])`)
      expect({ name, resets: Math.max(...resets) }).toEqual({ name, resets: 0 })
    }
    const total = (query: string): Promise<readonly number[]> => prometheus.values(`sum(${query})`)
    expect((await total(`rate(tunicorn_requests_total{code="2xx"}[${range}])`))[0]).toBeGreaterThan(0)
    expect(await total('tunicorn_worker_exits_total{reason="signal"}')).toEqual([1])
    expect(await total('tunicorn_worker_exits_total{reason="reload"}')).toEqual([2])
    expect(await total('tunicorn_reloads_total{result="done"}')).toEqual([1])
    for (const { from, expr } of await allQueries()) {
      // Nothing has to be above 0 at this moment.
      const found = await prometheus.query(expr.replaceAll(/ > 0(?![.\d])/g, ''))
      if (from.startsWith('the panel') && !absentHere.test(expr))
        expect({ from, expr, isEmpty: found.length === 0 }).toEqual({ from, expr, isEmpty: false })
    }

    // The one in the hands of the worker that was killed is lost; two clients have at most two there.
    expect((await load.stop()).failed).toBeLessThanOrEqual(2)
    expect((await server.stop()).code).toBe(0)
  })
else console.log('prometheus is missing: no real one scrapes the metrics here')
