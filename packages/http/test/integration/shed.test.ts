/** What a worker with more than its share of connections gives to others. */
import { createServer, type ServerResponse } from 'node:http'
import { RawClient } from '@tunicorn/harness/vitest'
import { expect, test } from 'vitest'
import { startApp, startService } from '../support/start-service.js'

const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: h\r\n\r\n`

test('a connection with a request in flight goes first, with its response, and an idle one with its next', async () => {
  const held: ServerResponse[] = []
  const { service, port } = await startService((req, res) => {
    if (req.url === '/hold') held.push(res)
    else res.end('done')
  })
  const [idle, busy, other] = [
    await RawClient.connect(port),
    await RawClient.connect(port),
    await RawClient.connect(port),
  ]
  for (const client of [idle, other]) {
    client.send(get('/'))
    await client.until(/done/)
  }
  busy.send(get('/hold'))
  await expect.poll(() => held.length).toBe(1)
  service.shed(1)
  // The one that was chosen is still open: it counts.
  service.shed(1)
  held[0]?.end('done')
  await busy.closed()
  expect(busy.received).toMatch(/^connection: close\r$/im)
  service.shed(2)
  for (const client of [idle, other]) {
    client.received = ''
    client.send(get('/'))
    await client.closed()
    expect(client.received).toMatch(/^HTTP\/1\.1 200 .*^connection: close\r$.*done/ims)
  }
})

test('a tunnel stays: it has no next response', async () => {
  const app = createServer()
  app.on('upgrade', (_req, socket) => {
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n')
    socket.pipe(socket)
  })
  const { service, port } = await startApp({ kind: 'node', value: app })
  const client = await RawClient.connect(port)
  client.send('GET / HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n')
  await client.until(/101/)
  service.shed(5)
  client.send('still here')
  await client.until(/still here/)
})
