/** The code of docs/tracing.md, with the SDK of OpenTelemetry: each request has its spans, also the last ones of a worker. */
import { readFile, symlink, writeFile } from 'node:fs/promises'
import { connect } from 'node:http2'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import {
  codeBlocks,
  servingUrl,
  startTunicorn,
  type TemporaryDirectory,
  temporaryDirectory,
} from '@tunicorn/harness'
import { expect, test } from 'vitest'
import { type Collector, startCollector } from '../support/collector.js'

const root = fileURLToPath(new URL('../../../../', import.meta.url))

/** Makes a span of its own in each request. `/slow` says when it has begun, and lasts for a second more. */
const app = `
import { trace } from '@opentelemetry/api'
import { work } from './work.mjs'
export default (req, res) => trace.getTracer('shop').startActiveSpan('work', async span => {
  await work(req.url)
  span.end()
  res.end(req.url)
})
`

const asgiApp = `
import { trace } from '@opentelemetry/api'
import { work } from './work.mjs'
export default (scope, receive, send) => trace.getTracer('shop').startActiveSpan('work', async span => {
  await work(scope.path)
  span.end()
  await send({ type: 'http.response.start', status: 200, headers: [] })
  await send({ type: 'http.response.body', body: scope.path })
})
`

const workModule = `
import { setTimeout } from 'node:timers/promises'
export const work = path => {
  if (path === '/slow') console.log('the slow one has begun')
  return setTimeout(path === '/slow' ? 1_000 : 5)
}
`

const requests = Array.from({ length: 6 }, (_, index) => index)
const client = '00f067aa0ba902b7'
const traceOf = (index: number): string => `4bf92f3577b34da6a3ce929d0e0e${String(index).padStart(4, '0')}`
const traceparentOf = (index: number): string => `00-${traceOf(index)}-${client}-01`

/** The names of the scopes of a trace from the client's span on, each span under the one before it. */
function chainOf({ spans }: Collector, index: number): readonly string[] {
  const found: string[] = []
  const left = new Map(
    spans.filter(span => span.traceId === traceOf(index)).map(span => [span.parentSpanId, span]),
  )
  for (let span = left.get(client); span !== undefined; span = left.get(span.spanId)) {
    left.delete(span.parentSpanId)
    found.push(`${span.service}: ${span.scope}`)
  }
  return left.size === 0 ? found : [...found, 'others']
}

async function project(collector: Collector, source: string): Promise<TemporaryDirectory> {
  const directory = await temporaryDirectory()
  const markdown = await readFile(join(root, 'docs/tracing.md'), 'utf8')
  await symlink(join(root, 'node_modules'), join(directory.path, 'node_modules'))
  await writeFile(join(directory.path, 'app.mjs'), source)
  await writeFile(join(directory.path, 'work.mjs'), workModule)
  for (const { fileName, code } of codeBlocks(markdown))
    if (fileName !== '')
      await writeFile(join(directory.path, fileName), code.replace('http://127.0.0.1:4318', collector.url))
  return directory
}

const http = 'shop: @opentelemetry/instrumentation-http'
const work = 'shop: shop'

test.each([
  ['event-loop', app, [http, work], 1],
  ['thread-pool', app, [http, http, work], 1],
  ['sync', app, [http, work], 2],
  ['asgi', asgiApp, [http, work], 1],
] as const)(
  '%s: each request has its spans, also those that end in the drain',
  async (workerClass, source, chain, workers) => {
    await using collector = await startCollector()
    await using directory = await project(collector, source)
    const args = [
      ...['-k', workerClass, '-w', String(workers), '-b', '127.0.0.1:0', '--access-logfile', 'access.log'],
      ...['--access-logformat', '%(trace_id)s', '--canary-seconds', '0'],
    ]
    await using server = await startTunicorn({ cwd: directory.path, args })
    const url = await servingUrl(server, 60_000)
    const ask = async (path: string, index: number): Promise<string> => {
      const response = await fetch(url + path, { headers: { traceparent: traceparentOf(index) } })
      return response.text()
    }
    for (const index of requests.slice(0, -1)) expect(await ask('/', index)).toBe('/')
    const slow = ask('/slow', 5)
    await server.waitForOutput(/the slow one has begun/, 60_000)
    const exit = server.stop('SIGTERM', 60_000)
    expect(await slow).toBe('/slow')
    expect(await exit).toEqual({ code: 0, signal: null })
    for (const index of requests.keys())
      expect({ index, chain: chainOf(collector, index) }).toEqual({ index, chain })
    expect(collector.problems).toEqual([])
    // Two processes write their lines in either order.
    const logged = (await readFile(join(directory.path, 'access.log'), 'utf8')).trimEnd().split('\n').sort()
    expect(logged).toEqual(requests.map(traceOf))
  },
)

test('streams of HTTP/2 have spans as other requests', async () => {
  await using collector = await startCollector()
  await using directory = await project(collector, app)
  const args = ['-k', 'event-loop', '-w', '1', '-b', 'h2c://127.0.0.1:0', '--http2', 'on']
  await using server = await startTunicorn({ cwd: directory.path, args })
  const session = connect(await servingUrl(server, 60_000))
  const stream = session.request({ ':path': '/h2', traceparent: traceparentOf(1) })
  expect(await text(stream)).toBe('/h2')
  session.close()
  expect(await server.stop('SIGTERM', 40_000)).toEqual({ code: 0, signal: null })
  expect(chainOf(collector, 1)).toEqual([http, work])
})
