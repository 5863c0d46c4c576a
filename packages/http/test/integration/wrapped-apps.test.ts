/** What a worker class does not replace of an app stays the app's own. */
import { readFile, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import { LocalListener } from '@tunicorn/arbiter/worker'
import { codeIn, temporaryDirectory } from '@tunicorn/harness'
import { RawClient } from '@tunicorn/harness/vitest'
import { HttpService, type NodeApp, resolveHttpApp, wrapNodeApp } from '@tunicorn/http'
import { expect, onTestFinished, test } from 'vitest'
import { TestContext } from '../support/test-context.js'

const modules = fileURLToPath(new URL('../../../../node_modules', import.meta.url))
const handshake = { Connection: 'Upgrade', Upgrade: 'websocket' }
const switching = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'

/** Serves `value` behind what `wrap` makes of it. */
async function serve(
  value: unknown,
  wrap: (app: NodeApp) => NodeApp,
): Promise<{ readonly service: HttpService; readonly port: number }> {
  const listener = new LocalListener()
  const context = new TestContext([listener])
  const app = await resolveHttpApp({ kind: 'node', value }, context.settings)
  const service = new HttpService(wrap(app), context)
  onTestFinished(() => service.close())
  await service.serve()
  return { service, port: listener.port }
}

function signing(app: NodeApp): NodeApp {
  return wrapNodeApp(app, {
    request(req, res) {
      res.setHeader('x-signed', 'yes')
      return app.request(req, res)
    },
  })
}

test('a replaced `request` gets requests, and the app of an http.Server is told of its end', async () => {
  const server = createServer((req, res) => res.end(`server ${req.url}`))
  let closes = 0
  server.on('close', () => {
    closes += 1
  })
  const { service, port } = await serve(server, signing)
  const client = await RawClient.connect(port)
  client.get('/a')
  await client.until(/^x-signed: yes\r\n[\s\S]*server \/a$/m)
  await service.close()
  expect(closes).toBe(1)
})

test('an instance with `ready` and `close` of its own, as of Fastify, is closed', async () => {
  let closes = 0
  const server = createServer((_req, res) => res.end('routed'))
  const instance = {
    ready: async () => instance,
    routing: () => undefined,
    server,
    close: async () => {
      closes += 1
    },
  }
  const { service, port } = await serve(instance, signing)
  const client = await RawClient.connect(port)
  client.get('/a')
  await client.until(/^x-signed: yes\r\n[\s\S]*routed$/m)
  await service.close()
  expect(closes).toBe(1)
})

test('answers to `Expect` and to CONNECT stay those of the app', async () => {
  const server = createServer((_req, res) => res.end('request'))
  server.on('checkContinue', (_req, res) => res.end('asked'))
  server.on('checkExpectation', (_req, res) => res.end('expected'))
  server.on('connect', (_req, socket) => socket.end('HTTP/1.1 200 OK\r\n\r\ntunnel'))
  const { port } = await serve(server, signing)
  const asking = await RawClient.connect(port)
  asking.get('/', { Expect: '100-continue' })
  await asking.until(/asked$/)
  const expecting = await RawClient.connect(port)
  expecting.get('/', { Expect: 'something' })
  await expecting.until(/expected$/)
  const tunnel = await RawClient.connect(port)
  tunnel.send('CONNECT h:80 HTTP/1.1\r\nHost: h:80\r\n\r\n')
  await tunnel.until(/tunnel$/)
})

test('an `upgrade` listener that the app adds or removes while it serves counts', async () => {
  const server = createServer((_req, res) => res.end('plain'))
  const { port } = await serve(server, signing)
  const early = await RawClient.connect(port)
  early.get('/early', handshake)
  await early.until(/^HTTP\/1.1 501 /)
  server.on('upgrade', (req, socket) => socket.end(`${switching}${req.url}`))
  const late = await RawClient.connect(port)
  late.get('/late', handshake)
  await late.until(/^HTTP\/1.1 101 .*\/late$/s)
  server.removeAllListeners('upgrade')
  const gone = await RawClient.connect(port)
  gone.get('/gone', handshake)
  await gone.until(/^HTTP\/1.1 501 /)
})

test('a member that is undefined takes that of the app away', async () => {
  const server = createServer((_req, res) => res.end('plain'))
  server.on('upgrade', (_req, socket) => socket.end(switching))
  const { port } = await serve(server, app =>
    wrapNodeApp(app, { upgrade: undefined, watchUpgrade: undefined }),
  )
  const client = await RawClient.connect(port)
  client.get('/', handshake)
  await client.until(/^HTTP\/1.1 501 /)
})

test('the wrapping of the README serves, and closes the app once', async () => {
  const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8')
  await using directory = await temporaryDirectory()
  await symlink(modules, `${directory.path}/node_modules`)
  await writeFile(`${directory.path}/signed.mjs`, codeIn(readme, 'js')[0] ?? '')
  const { signed } = await import(`${directory.path}/signed.mjs`)
  let closes = 0
  const server = createServer((_req, res) => res.end('served'))
  server.on('close', () => {
    closes += 1
  })
  const { service, port } = await serve(server, signed)
  const client = await RawClient.connect(port)
  client.get('/')
  await client.until(new RegExp(`^x-served-by: ${process.pid}\\r\\n[\\s\\S]*served$`, 'm'))
  await service.close()
  expect(closes).toBe(1)
})
