import { once } from 'node:events'
import { connect, createServer, type Server } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { HostListener } from '../../../src/host/host-listener.js'
import { type BoundSocket, bind } from '../../../src/sockets/bind.js'
import { listenOnHandle } from '../../../src/sockets/handle.js'

interface Scene {
  readonly listener: HostListener
  readonly server: Server
  /** How often the server has said that it is closed. */
  closes(): number
}

function scene(lost: (error: Error) => void = () => {}): Scene {
  const source = { request: () => {}, isWantedAgain: () => true, lost }
  const listener = new HostListener(
    { address: { address: '127.0.0.1', family: 'IPv4', port: 0 } },
    16,
    source,
  )
  const server = createServer()
  let count = 0
  server.on('close', () => {
    count += 1
  })
  onTestFinished(() => listener.pause())
  return { listener, server, closes: () => count }
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

it('tells a server once that it is closed, when a resume is waiting as the worker drains', async () => {
  const { listener, server, closes } = scene()
  listener.receive((await bind(anyPort)).handle)
  await listener.listen(server)
  expect(server.listening).toBe(true)
  const closed = once(server, 'close')
  listener.pause()
  await closed
  const resuming = listener.resume()
  listener.release()
  await resuming
  listener.pause()
  await new Promise(resolve => setImmediate(resolve))
  expect(closes()).toBe(1)
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

it('yields without a word to its server, only with a handle to go on with, and then accepts again', async () => {
  const { listener, server, closes } = scene()
  const socket = await bind(anyPort)
  listener.receive(socket.handle)
  await listener.listen(server)
  expect(listener.yield()).toBe(false)
  // In a worker it is the same socket once more.
  const next = await bind(anyPort)
  listener.receive(next.handle)
  expect(listener.yield()).toBe(true)
  expect(listener.yield()).toBe(false)
  expect(server.listening).toBe(true)
  expect(server.address()).toEqual(socket.address)
  let listenings = 0
  server.on('listening', () => {
    listenings += 1
  })
  const accepted = once(server, 'connection')
  listener.goOn()
  const client = connect(portOf(next), '127.0.0.1')
  await accepted
  client.destroy()
  expect({ closes: closes(), listenings }).toEqual({ closes: 0, listenings: 0 })
})

it('tells when it cannot go on, as it would accept no more', async () => {
  const errors: Error[] = []
  const { listener, server } = scene(error => errors.push(error))
  listener.receive((await bind(anyPort)).handle)
  await listener.listen(server)
  const next = await bind(anyPort)
  listener.receive(next.handle)
  expect(listener.yield()).toBe(true)
  next.handle.close()
  listener.goOn()
  expect(errors).toMatchObject([
    { code: 'BIND_FAILED', message: expect.stringMatching(/^Could not listen at .*: E[A-Z]+/) },
  ])
})

function portOf({ address }: BoundSocket): number {
  return typeof address === 'string' ? 0 : address.port
}

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
