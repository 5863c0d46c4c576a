import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { HostListener } from '../../../src/host/host-listener.js'
import { bind } from '../../../src/sockets/bind.js'

interface Scene {
  readonly listener: HostListener
  readonly server: Server
  /** How often the server has said that it is closed. */
  closes(): number
}

function scene(): Scene {
  const source = { request: () => {}, isWantedAgain: () => true }
  const listener = new HostListener({ address: '127.0.0.1', family: 'IPv4', port: 0 }, 16, source)
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
