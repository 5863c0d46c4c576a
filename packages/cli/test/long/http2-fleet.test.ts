/** HTTP/2 beside what else a server does with connections: it recycles workers, and believes a proxy in front. */
import { once } from 'node:events'
import { type ClientHttp2Session, connect } from 'node:http2'
import { connect as connectSocket } from 'node:net'
import { text } from 'node:stream/consumers'
import { connect as connectSecurely } from 'node:tls'
import { startTunicorn } from '@tunicorn/harness'
import { expect, test } from 'vitest'
import { localCertificates } from '../e2e/support/local-certificates.js'
import { apps, type Served, whenServing } from '../e2e/support/served.js'
import { Http2Load } from '../runs/http2-load.js'

const { server, ca } = await localCertificates()

async function serveHttp2(app: string, more: readonly string[]): Promise<Served> {
  const tls = ['--certfile', server.certfile, '--keyfile', server.keyfile, '--http2', 'on']
  const args = [app, '-k', 'event-loop', '--canary-seconds', '0', ...tls, ...more]
  return whenServing(await startTunicorn({ cwd: apps, args }))
}

async function ask(session: ClientHttp2Session, path = '/'): Promise<string> {
  const stream = session.request({ ':path': path })
  const [headers] = await once(stream, 'response')
  expect(headers[':status']).toBe(200)
  return text(stream)
}

test('workers are recycled after `maxRequests` streams, and no stream is lost', async () => {
  const args = ['-w', '2', '-b', 'h2c://127.0.0.1:0', '--max-requests', '40']
  await using served = await serveHttp2('./streams.js:node', args)
  const load = new Http2Load(served.url).start(4)
  const booted = (): boolean => served.output.split('Booting worker').length > 6
  // A load that has failed asks for nothing more.
  await expect.poll(() => booted() || load.failures.length > 0, { timeout: 60_000 }).toBe(true)
  await load.next(100)
  await load.stop()
  expect(load.failures).toEqual([])
  expect(load.pids.size).toBeGreaterThan(2)
  expect(await served.stop()).toEqual({ code: 0, signal: null })
  expect(served.output).not.toMatch(/"level":"(?:warn|error)"/)
}, 120_000)

test('the address of a client comes from the PROXY protocol, before HTTP/2 in plain text and before TLS', async () => {
  const binds = ['-b', 'h2c://127.0.0.1:0', '-b', 'https://127.0.0.1:0']
  const args = ['-w', '1', ...binds, '--proxy-protocol', 'v1', '--access-logfile', '-']
  await using served = await serveHttp2('./peer.js', args)
  const urls = [...served.output.matchAll(/Listening at: (\S+) /g)].map(match => match[1] ?? '')
  for (const url of urls) {
    const { port, protocol } = new URL(url)
    const raw = connectSocket(Number(port), '127.0.0.1')
    raw.write('PROXY TCP4 192.0.2.7 192.0.2.1 56324 443\r\n')
    const isSecure = protocol === 'https:'
    const options = { ca, socket: raw, servername: 'localhost', ALPNProtocols: ['h2'] }
    const session = connect(url, { createConnection: () => (isSecure ? connectSecurely(options) : raw) })
    expect(await Promise.all([ask(session, '/a'), ask(session, '/b')])).toEqual(['192.0.2.7', '192.0.2.7'])
    session.close()
  }
  await served.running.waitForOutput(/192\.0\.2\.7 .*"GET \/a HTTP\/2\.0" 200/)
  expect(await served.stop()).toEqual({ code: 0, signal: null })
})
