/** How a connection of HTTP/2 ends that no stream keeps. */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { LocalListener } from '@tunicorn/arbiter/worker'
import { expect, onTestFinished, test } from 'vitest'
import { hasConnections } from '../support/has-connections.js'
import { type RunningService, type ServiceOptions, startService } from '../support/start-service.js'

class PlainHttp2Listener extends LocalListener {
  readonly isHttp2 = true
}

const preface = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'
const settings = Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0])
const never = new AbortController().signal

async function serve(options: ServiceOptions): Promise<RunningService> {
  return await startService((_, res) => res.end('done'), {
    ...options,
    settings: { http2: 'on', ...options.settings },
    listeners: [new PlainHttp2Listener()],
  })
}

/** It keeps its side open when the server closes the other. */
function stayingClient(port: number): Socket {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  socket.on('error', () => {})
  onTestFinished(() => void socket.destroy())
  return socket
}

/** The last stream and the code of each `GOAWAY` until the server has closed its side. */
async function goaways(socket: Socket): Promise<readonly { last: number; code: number }[]> {
  let bytes = Buffer.alloc(0)
  socket.on('data', chunk => {
    bytes = Buffer.concat([bytes, chunk])
  })
  await once(socket, 'end')
  const found: { last: number; code: number }[] = []
  while (bytes.length >= 9) {
    const [length, type] = [bytes.readUIntBE(0, 3), bytes.readUInt8(3)]
    if (type === 7) found.push({ last: bytes.readUInt32BE(9), code: bytes.readUInt32BE(13) })
    bytes = bytes.subarray(9 + length)
  }
  return found
}

test('one that drains before the client has sent anything says that no stream was seen', async () => {
  const { service, port } = await serve({ lingerMs: 50 })
  const client = stayingClient(port)
  const told = goaways(client)
  await hasConnections(service, 1)
  const drained = service.drain(never)
  expect((await told).at(-1)).toEqual({ last: 0, code: 0 })
  client.end()
  await drained
})

test('clients that stay when they are told to go do not keep a drain', async () => {
  const { service, port } = await serve({ lingerMs: 50 })
  stayingClient(port)
  const begun = stayingClient(port)
  begun.write(preface)
  begun.write(settings)
  await hasConnections(service, 2)
  await service.drain(never)
  expect(service.stats().connections).toBe(0)
})

test('a client that stays when its connection was idle for `keepAlive` is cut off', async () => {
  const { service, port } = await serve({ settings: { keepAlive: 0.1 } })
  const client = stayingClient(port)
  client.write(preface)
  client.write(settings)
  await hasConnections(service, 1)
  expect((await goaways(client)).at(-1)).toEqual({ last: 0, code: 0 })
  await hasConnections(service, 0)
})
