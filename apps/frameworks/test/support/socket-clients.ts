/** Clients that stay connected while a server reloads. */
import { once } from 'node:events'
import { io, type Socket } from 'socket.io-client'
import { WebSocket } from 'ws'
import type { Framework } from './framework.js'

export interface SocketClients {
  /** Resolves when every client was told to go, and has been served again. */
  moved(): Promise<void>
  leave(): Promise<void>
}

const count = 10

export async function openClients(kind: Framework['sockets'], url: string): Promise<SocketClients> {
  if (kind === undefined) return { moved: async () => {}, leave: async () => {} }
  return kind === 'ws' ? openWebSockets(url) : openSocketIo(url)
}

async function openWebSockets(url: string): Promise<SocketClients> {
  const sockets = await Promise.all(Array.from({ length: count }, () => echoed(url)))
  const codes = sockets.map(async socket => (await once(socket, 'close'))[0])
  return {
    async moved() {
      for (const code of await Promise.all(codes))
        if (code !== 1012) throw new Error(`A WebSocket was closed with ${code}, and not with 1012`)
      for (const socket of await Promise.all(sockets.map(() => echoed(url)))) socket.terminate()
    },
    leave: async () => {},
  }
}

/** Connects, and resolves after an answer. */
async function echoed(url: string): Promise<WebSocket> {
  const socket = new WebSocket(url.replace('http:', 'ws:'))
  await once(socket, 'open')
  socket.send('hello')
  const [data] = await once(socket, 'message')
  if (String(data) !== 'echo: hello') throw new Error(`The echo was ${String(data)}`)
  return socket
}

async function openSocketIo(url: string): Promise<SocketClients> {
  const sockets = Array.from({ length: count }, () => io(url, { transports: ['websocket'], forceNew: true }))
  const returned = sockets.map(
    socket => new Promise<void>(resolve => socket.io.once('reconnect', () => resolve())),
  )
  await Promise.all(sockets.map(echo))
  return {
    async moved() {
      await Promise.all(returned)
      await Promise.all(sockets.map(echo))
    },
    async leave() {
      for (const socket of sockets) socket.disconnect()
    },
  }
}

async function echo(socket: Socket): Promise<void> {
  const answer: unknown = await socket.timeout(10_000).emitWithAck('echo', 'hello')
  if (answer !== 'echo: hello') throw new Error(`The echo was ${String(answer)}`)
}
