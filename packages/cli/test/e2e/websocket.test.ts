import { once } from 'node:events'
import { rawExchange, survivors, waitForWorkers } from '@tunicorn/harness'
import { io, type Socket } from 'socket.io-client'
import { describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { serve } from './support/served.js'

const websocketUrl = (url: string): string => url.replace('http:', 'ws:')

/** Connects, and resolves with the socket and its first message. */
async function join(url: string): Promise<{ readonly socket: WebSocket; readonly welcome: string }> {
  const socket = new WebSocket(`${websocketUrl(url)}/chat`)
  return { socket, welcome: await nextText(socket) }
}

async function nextText(socket: WebSocket): Promise<string> {
  const [data]: unknown[] = await once(socket, 'message')
  return String(data)
}

describe('an app of ws on an http.Server', () => {
  test('echoes text and bytes, beside ordinary requests', async () => {
    await using server = await serve('./websocket.js')
    const { socket } = await join(server.url)
    socket.send('hello')
    expect(await nextText(socket)).toBe('hello')
    const bytes = Buffer.alloc(200_000, 7)
    socket.send(bytes)
    const [data, isBinary] = await once(socket, 'message')
    expect(isBinary).toBe(true)
    expect(bytes.equals(data)).toBe(true)
    expect((await server.ask('/')).text).toBe('hello from websocket')
    socket.close(1000, 'enough')
    const [code, reason] = await once(socket, 'close')
    expect([code, String(reason)]).toEqual([1000, 'enough'])
  })

  test('has connections in both workers', async () => {
    await using server = await serve('./websocket.js')
    const pids = await waitForWorkers(server.running, 2)
    const welcomes = new Set<string>()
    const sockets: WebSocket[] = []
    while (welcomes.size < 2) {
      const { socket, welcome } = await join(server.url)
      sockets.push(socket)
      welcomes.add(welcome)
    }
    expect([...welcomes].sort()).toEqual(pids.map(pid => `hello from process ${pid}`).sort())
    for (const socket of sockets) socket.terminate()
  })

  test('decides itself about an upgrade to another path', async () => {
    await using server = await serve('./websocket.js')
    const stranger = new WebSocket(`${websocketUrl(server.url)}/other`)
    const [error] = await once(stranger, 'error')
    expect(String(error)).toContain('Unexpected server response: 400')
  })

  test('keeps a connection through a reload until the graceful timeout, and is then closed', async () => {
    await using server = await serve('./websocket.js', { args: ['--graceful-timeout', '2'] })
    const { socket, welcome } = await join(server.url)
    const closed = once(socket, 'close')
    server.running.signal('SIGHUP')
    await server.running.waitForOutput(/The new generation is ready/)
    socket.send('still here')
    expect(await nextText(socket)).toBe('still here')
    await closed
    await server.running.waitForOutput(/Cut at the deadline of the drain: GET \/chat/)
    await server.running.waitForOutput(/Reload done/)
    const { socket: second, welcome: next } = await join(server.url)
    expect(next).not.toBe(welcome)
    second.terminate()
    expect(await server.stop()).toEqual({ code: 0, signal: null })
    expect(await survivors(server.running)).toEqual([])
  })
})

test('an app without WebSockets refuses them with 501, and does not leave the client waiting', async () => {
  await using server = await serve('./plain-handler.js')
  const socket = new WebSocket(websocketUrl(server.url))
  const [error] = await once(socket, 'error')
  expect(String(error)).toContain('Unexpected server response: 501')
  const upgrade = 'GET / HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: h2c\r\n\r\n'
  const answer = await rawExchange(server.url, upgrade, { until: /hello from plain-handler/ })
  expect(answer.toString()).toMatch(/^HTTP\/1\.1 200 /)
})

describe('an app of Socket.IO', () => {
  test('speaks over WebSockets, with several workers', async () => {
    await using server = await serve('./socket-io.js')
    const clients = Array.from({ length: 10 }, () =>
      io(server.url, { transports: ['websocket'], forceNew: true }),
    )
    const welcomes = clients.map(client => heard(client, 'welcome'))
    for (const welcome of welcomes) expect(await welcome).toEqual({ transport: 'websocket' })
    for (const client of clients)
      expect(await client.timeout(10_000).emitWithAck('shout', 'loud')).toBe('LOUD')
    for (const client of clients) client.disconnect()
    expect((await server.ask('/')).text).toBe('hello from socket.io')
  })

  test('speaks over long polling and then upgrades, with one worker', async () => {
    await using server = await serve('./socket-io.js', { args: ['-w', '1'] })
    const client = io(server.url, { forceNew: true })
    const upgraded = new Promise(resolve => client.io.engine.once('upgrade', resolve))
    expect(await heard(client, 'welcome')).toEqual({ transport: 'polling' })
    expect(await client.timeout(10_000).emitWithAck('shout', 'loud')).toBe('LOUD')
    await upgraded
    expect(await client.timeout(10_000).emitWithAck('shout', 'again')).toBe('AGAIN')
    client.disconnect()
  })
})

function heard(client: Socket, event: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    client.once(event, resolve)
    client.once('connect_error', reject)
  })
}
