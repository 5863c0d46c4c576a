/** Holds new connections back from Node until their proxy has said for whom it speaks. */
import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import { type PrefixVersion, parsePrefix } from '../proxy-protocol/prefix.js'
import type { Refusal } from '../refusals/refusal.js'
import type { Connection } from './connection.js'
import type { Connections } from './connections.js'
import type { RefusalReport } from './refusal-report.js'
import type { RequestIds } from './request-ids.js'

export interface PrefixGateParts {
  readonly version: PrefixVersion
  readonly connections: Connections
  readonly refusals: RefusalReport
  /** Absent: requests have no ids. */
  readonly ids: RequestIds | undefined
  /** How long a prefix may take. 0 = forever. */
  readonly timeoutMs: number
  /** Whether a peer is a proxy. Connections of other peers are served as they are. `undefined`: a Unix socket. */
  trusts(address: string | undefined): boolean
}

const wrong: Refusal = { status: 400, reason: 'proxy_prefix' }
const late: Refusal = { status: 408, reason: 'proxy_prefix', limit: 'headersTimeout' }

export class PrefixGate {
  readonly #parts: PrefixGateParts

  constructor(parts: PrefixGateParts) {
    this.#parts = parts
  }

  /** Call after everyone else has attached to the server: it moves all listeners, including Node's own, behind the gate. */
  attach(server: Server, isTls: boolean): void {
    const { connections, trusts } = this.#parts
    const listeners = server.listeners('connection')
    const handOver = (socket: Socket): void => {
      for (const listener of listeners) Reflect.apply(listener, server, [socket])
    }
    server.removeAllListeners('connection')
    server.on('connection', socket => {
      // A known connection comes a second time when a request was put back.
      if (connections.find(socket) !== undefined || !trusts(socket.remoteAddress)) return handOver(socket)
      connections.add(socket)
      this.#read(connections.of(socket), isTls, () => handOver(socket))
    })
  }

  #read(connection: Connection, isTls: boolean, handOver: () => void): void {
    const { version, timeoutMs } = this.#parts
    const { socket } = connection
    let bytes: Buffer = Buffer.alloc(0)
    connection.awaitsPrefix = true
    const refuse = (refusal: Refusal): void => {
      stop()
      this.#refuse(connection, refusal, isTls)
    }
    const take = (chunk: Buffer): void => {
      bytes = Buffer.concat([bytes, chunk])
      const prefix = parsePrefix(bytes, version)
      if (prefix.type === 'incomplete') return
      if (prefix.type === 'wrong') return refuse(wrong)
      stop()
      socket.pause()
      const rest = bytes.subarray(prefix.length)
      if (rest.length > 0) socket.unshift(rest)
      connection.prefixed(prefix.length, prefix.peer)
      handOver()
      // Encrypted and HTTP/2 connections read from the handle under the socket, after the bytes that were put back.
      if (!isTls && !connection.multiplexed) socket.resume()
    }
    // A load balancer that only checks whether the port is open has done nothing wrong.
    const end = (): void => (bytes.length > 0 ? refuse(wrong) : void socket.destroy())
    const timer = timeoutMs > 0 ? setTimeout(() => refuse(late), timeoutMs) : undefined
    const stop = (): void => {
      clearTimeout(timer)
      socket.off('data', take).off('end', end).off('error', ignore).off('close', stop)
    }
    socket.on('data', take).on('end', end).on('error', ignore).on('close', stop)
  }

  #refuse(connection: Connection, refusal: Refusal, isTls: boolean): void {
    const { connections, ids, refusals } = this.#parts
    const { socket } = connection
    const id = ids?.made()
    refusals.tell(refusal, socket, id)
    connection.isRefused = true
    connection.isClosing = true
    // Before a handshake, the other side could not read an answer.
    if (isTls) return void socket.on('error', ignore).destroy()
    connections.answerBroken(connection, refusal.status, id)
  }
}

function ignore(): void {}
