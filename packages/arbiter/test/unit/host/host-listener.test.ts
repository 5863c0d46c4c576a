import { fork } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server } from 'node:net'
import { afterAll, expect, it, onTestFinished } from 'vitest'
import { HostListener } from '../../../src/host/host-listener.js'
import { bind } from '../../../src/sockets/bind.js'
import { listenOnHandle, type ServerHandle } from '../../../src/sockets/handle.js'

interface Scene {
  readonly listener: HostListener
  readonly server: Server
  /** How often the server has said that it is closed, and that it listens. */
  said(): { closes: number; listenings: number }
}

function scene(): Scene {
  const listener = new HostListener({ address: { address: '127.0.0.1', family: 'IPv4', port: 0 } }, 16)
  const server = createServer()
  const said = { closes: 0, listenings: 0 }
  server.on('close', () => {
    said.closes += 1
  })
  server.on('listening', () => {
    said.listenings += 1
  })
  onTestFinished(() => {
    listener.release()
    listener.pause()
  })
  return { listener, server, said: () => said }
}

const binder = fork(new URL('../../fixtures/binds.mjs', import.meta.url))
afterAll(() => binder.disconnect())

/** A bound socket as workers get them: from another process. */
async function receivedHandle(): Promise<ServerHandle> {
  binder.send('bind')
  const [, handle] = await once(binder, 'message')
  return handle
}

/** Connections that wait in the kernel, or are taken. */
async function connectTimes(count: number, server: Server): Promise<void> {
  // The server listens on TCP.
  const { port } = server.address() as AddressInfo
  for (let client = 0; client < count; client += 1) {
    const socket = connect(port, '127.0.0.1')
    onTestFinished(() => void socket.destroy())
    await once(socket, 'connect')
  }
}

/** Everything that has come to the sockets of this process has been told. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise(resolve => setImmediate(resolve))
}

const anyPort = { type: 'tcp', host: '127.0.0.1', port: 0 } as const

it('gives up waiting for a handle when the worker drains, and its server says that it is closed', async () => {
  const { listener, server } = scene()
  const listening = listener.listen(server)
  listener.release()
  await listening
  expect(server.listening).toBe(false)
  const closed = once(server, 'close')
  listener.pause()
  await closed
})

it('tells the server so also when it was paused before the worker drains', async () => {
  const { listener, server } = scene()
  const listening = listener.listen(server)
  listener.pause()
  listener.release()
  await listening
  const closed = once(server, 'close')
  listener.pause()
  await closed
})

it('tells a server once that it is closed, when it is paused as the worker drains', async () => {
  const { listener, server, said } = scene()
  listener.receive(await receivedHandle())
  await listener.listen(server)
  listener.pause()
  const closed = once(server, 'close')
  listener.release()
  await closed
  await listener.resume()
  listener.pause()
  await turns()
  expect(server.listening).toBe(false)
  expect(said().closes).toBe(1)
})

it('closes a handle that comes after the worker has begun to drain', async () => {
  const { listener, server } = scene()
  const listening = listener.listen(server)
  listener.release()
  await listening
  let isClosed = false
  listener.receive({ fd: -1, close: () => (isClosed = true) })
  expect(isClosed).toBe(true)
  expect(server.listening).toBe(false)
})

it('that is paused by a connection takes no other one until it is resumed, and says nothing of it to its server', async () => {
  const { listener, server, said } = scene()
  listener.receive(await receivedHandle())
  await listener.listen(server)
  let accepted = 0
  server.on('connection', socket => {
    accepted += 1
    onTestFinished(() => void socket.destroy())
    listener.pause()
  })
  await connectTimes(3, server)
  for (const expected of [1, 2, 3]) {
    await expect.poll(() => accepted).toBe(expected)
    await turns()
    expect(accepted).toBe(expected)
    await listener.resume()
  }
  expect(server.listening).toBe(true)
  expect(said()).toEqual({ closes: 0, listenings: 1 })
})

it('takes nothing when it was paused before its socket came', async () => {
  const { listener, server } = scene()
  let accepted = 0
  server.on('connection', () => {
    accepted += 1
  })
  const listening = listener.listen(server)
  listener.pause()
  listener.receive(await receivedHandle())
  await listening
  await connectTimes(1, server)
  await turns()
  expect(accepted).toBe(0)
  await listener.resume()
  await expect.poll(() => accepted).toBe(1)
})

it('that yields takes nothing until it goes on', async () => {
  const { listener, server, said } = scene()
  expect(listener.yield()).toBe(false)
  listener.receive(await receivedHandle())
  await listener.listen(server)
  let accepted = 0
  server.on('connection', () => {
    accepted += 1
  })
  expect(listener.yield()).toBe(true)
  expect(listener.yield()).toBe(false)
  await connectTimes(1, server)
  await turns()
  expect(accepted).toBe(0)
  listener.goOn()
  await expect.poll(() => accepted).toBe(1)
  expect(said()).toEqual({ closes: 0, listenings: 1 })
})

it('that is paused while it yields waits for its resume', async () => {
  const { listener, server } = scene()
  listener.receive(await receivedHandle())
  await listener.listen(server)
  let accepted = 0
  server.on('connection', () => {
    accepted += 1
  })
  expect(listener.yield()).toBe(true)
  listener.pause()
  listener.goOn()
  await connectTimes(1, server)
  await turns()
  expect(accepted).toBe(0)
  await listener.resume()
  await expect.poll(() => accepted).toBe(1)
})

it('cannot be resumed when somebody has closed its server', async () => {
  const { listener, server } = scene()
  listener.receive(await receivedHandle())
  await listener.listen(server)
  listener.pause()
  server.close()
  await expect(listener.resume()).rejects.toThrow(TypeError)
})

it('that cannot listen names the address, and what is in the way', async () => {
  const { handle, address } = await bind(anyPort)
  const port = typeof address === 'object' ? address.port : 0
  const wide = await bind({ type: 'tcp', host: '0.0.0.0', port })
  const [first, second] = [createServer(), createServer()]
  await listenOnHandle(first, handle, 16)
  onTestFinished(() => void first.close())
  const { listener } = scene()
  listener.receive(wide.handle)
  await expect(listener.listen(second)).rejects.toThrow(
    'Could not listen at 127.0.0.1:0: another process listens there, or at an address that this one is part of',
  )
})
