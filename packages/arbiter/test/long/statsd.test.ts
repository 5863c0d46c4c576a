/** Metrics that are sent to a StatsD server: a socket that keeps what comes. */
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { expect, it } from 'vitest'
import { adminAt, scrape } from '../support/admin.js'
import { ask, runArbiter, servingAt } from '../support/run-arbiter.js'

interface StatsdServer extends AsyncDisposable {
  readonly host: string
  /** Everything that has come, line by line. */
  readonly lines: readonly string[]
}

async function startStatsd(): Promise<StatsdServer> {
  const socket = createSocket('udp4')
  const lines: string[] = []
  socket.on('message', message => lines.push(...String(message).trimEnd().split('\n')))
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  return {
    host: `127.0.0.1:${socket.address().port}`,
    lines,
    async [Symbol.asyncDispose]() {
      socket.close()
      await once(socket, 'close')
    },
  }
}

/** The sum of what was counted under this name; -1 when something else has come. */
const counted = (lines: readonly string[], name: string, rest = ''): number =>
  lines
    .filter(line => line.startsWith(`${name}:`))
    .map(line => /^[^:]+:([\d.]+)\|c(.*)$/.exec(line))
    .reduce((sum, found) => (found?.[2] === rest ? sum + Number(found[1]) : -1), 0)

it('with tags, every figure of /metrics is sent under its name, with labels as tags', async () => {
  await using statsd = await startStatsd()
  await using server = await runArbiter({
    ...{ admin: ':0', app: './counts.mjs', workers: 1, statsdHost: statsd.host },
    ...{ statsdPrefix: 'web', dogstatsdTags: 'env:test, team:a' },
  })
  const [url, admin] = [await servingAt(server), await adminAt(server)]
  for (let index = 0; index < 3; index += 1) await ask(url)
  await expect
    .poll(async () => (await scrape(admin)).get('app_hits_total{path="/a\\"b",group="default"}'))
    .toBe(3)
  const series = await scrape(admin)
  const tags = '|#env:test,team:a'
  await expect
    .poll(() => statsd.lines)
    .toContain(`web.tunicorn_workers:1|g${tags},group:default,state:serving`)
  expect((await server.stop()).code).toBe(0)
  const answered = `${tags},group:default,worker_class:plain,code:2xx`
  await expect.poll(() => counted(statsd.lines, 'web.tunicorn_requests_total', answered)).toBe(3)
  expect(counted(statsd.lines, 'web.app_hits_total', `${tags},path:/a"b,group:default`)).toBe(3)
  // What is 0 and only counts is not sent.
  const sent = new Set(statsd.lines.map(line => /^web\.([^:]+)/.exec(line)?.[1]))
  const named = [...series].filter(([, value]) => value !== 0).map(([key]) => key.replace(/\{.*$/, ''))
  const missing = [...new Set(named)].filter(name => !sent.has(name))
  expect(missing.filter(name => name !== 'tunicorn_listen_overflows_total')).toEqual([])
})

it('without tags labels are parts of the name, and a server that cannot be reached is no reason to end', async () => {
  await using statsd = await startStatsd()
  await using server = await runArbiter({ workers: 1, statsdHost: statsd.host })
  const url = await servingAt(server)
  await ask(url)
  await expect.poll(() => statsd.lines).toContain('tunicorn_workers.default.serving:1|g')
  expect((await server.stop()).code).toBe(0)
  await expect.poll(() => counted(statsd.lines, 'tunicorn_requests_total.default.plain.2xx')).toBe(1)
  expect(statsd.lines.filter(line => line.includes('#'))).toEqual([])

  await using lost = await runArbiter({ workers: 1, statsdHost: '255.255.255.255:8125' })
  await ask(await servingAt(lost))
  await lost.waitForOutput(/could not be sent to StatsD at 255.255.255.255:8125/)
  expect((await lost.stop()).code).toBe(0)
})
