import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { portOf, rawExchange } from '../../src/index.js'

async function serve(listener: (socket: Socket) => void): Promise<number> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  onTestFinished(() => {
    server.close()
  })
  await once(server, 'listening')
  return portOf(server)
}

test('all bytes until the peer closes are returned', async () => {
  const port = await serve(socket => socket.once('data', data => socket.end(Buffer.concat([data, data]))))
  expect((await rawExchange({ port }, 'twice')).toString()).toBe('twicetwice')
})

test('`until` ends the exchange while the peer keeps the connection open', async () => {
  const port = await serve(socket => socket.write('one two '))
  expect((await rawExchange({ port }, '', { until: /two/ })).toString()).toBe('one two ')
})

test('a close before `until` matched is rejected with what was received', async () => {
  const port = await serve(socket => socket.end('one'))
  await expect(rawExchange({ port }, '', { until: /two/ })).rejects.toThrow('received "one"')
})

test('a peer that stays silent is a timeout', async () => {
  const port = await serve(() => {})
  await expect(rawExchange({ port }, 'x', { timeoutMs: 50 })).rejects.toThrow('within 50 ms')
})
