/** An ASGI app in the form that the HTTP service needs: turns `node:http` requests and upgrades into calls of the app. */

import { AsyncResource } from 'node:async_hooks'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import {
  answerStatus,
  type Forwarded,
  isWebSocketUpgrade,
  type NodeApp,
  type TunnelHandler,
} from '@tunicorn/http'
import { HttpCycle } from '../http/http-cycle.js'
import type { Runtime } from '../runtime/runtime.js'
import { readHeadFlags } from '../scope/head-flags.js'
import { forwardedPeer, type Peer, peerOf } from '../scope/peer.js'
import { parseTarget } from '../scope/target.js'
import { handshakeProblem, offeredSubprotocols } from '../websocket/handshake.js'
import { refuseUpgrade } from '../websocket/upgrade-response.js'
import { WebSocketCycle } from '../websocket/websocket-cycle.js'
import type { WebSockets } from '../websocket/websockets.js'
import { AsgiConnection } from './asgi-connection.js'

export class AsgiNodeApp implements NodeApp {
  readonly #runtime: Runtime
  readonly #webSockets: WebSockets
  #hasWarned = false
  #declined: IncomingMessage | undefined

  constructor(runtime: Runtime, webSockets: WebSockets) {
    this.#runtime = runtime
    this.#webSockets = webSockets
  }

  request(req: IncomingMessage, res: ServerResponse): Promise<void> | undefined {
    // As in Node before 22.21 and 24.9, where the connection is closed in any case.
    if (req === this.#declined) res.shouldKeepAlive = false
    const connection = this.#connectionOf(req.socket)
    if (connection.isFree) return this.#begin(connection, req, res)
    // It begins when the previous request is complete, but not in the asynchronous context of that request.
    const resource = new AsyncResource('TunicornAsgiRequest')
    return new Promise((resolve, reject) => {
      connection.wait(() => {
        const running = resource.runInAsyncScope(this.#begin, this, connection, req, res)
        if (running === undefined) resolve()
        else running.then(resolve, reject)
      })
    })
  }

  checkContinue(req: IncomingMessage, res: ServerResponse): Promise<void> | undefined {
    return this.request(req, res)
  }

  readonly upgrade: TunnelHandler = (req, socket, head) => this.#openWebSocket(req, socket, head)

  /** For a declined upgrade, a newer Node calls `request` immediately. */
  wantsUpgrade(req: IncomingMessage): boolean {
    const isWanted = this.#isWebSocket(req)
    this.#declined = isWanted ? undefined : req
    return isWanted
  }

  #begin(connection: AsgiConnection, req: IncomingMessage, res: ServerResponse): Promise<void> | undefined {
    const runtime = this.#runtime
    const flags = readHeadFlags(req.rawHeaders)
    // In HTTP/2, a request may have a body without any field that says so.
    const hasBody = flags.hasBody || (req.httpVersionMajor === 2 && !req.complete)
    const forwarded = flags.isForwarded ? runtime.forwarded.read(req) : undefined
    const target = parseTarget(req.url ?? '', req.method ?? 'GET', rootPathOf(runtime, forwarded))
    if (target === undefined || flags.hasSeveralHosts) return refuse(res)
    const peer = forwardedPeer(connection.peer, forwarded)
    const { completed } = connection
    const cycle = new HttpCycle({ req, res, target, peer, runtime, hasBody, completed })
    connection.begin(cycle)
    return cycle.run()
  }

  #openWebSocket(req: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> | undefined {
    const runtime = this.#runtime
    const forwarded = runtime.forwarded.read(req)
    const target = parseTarget(req.url ?? '', 'GET', rootPathOf(runtime, forwarded))
    const subprotocols = offeredSubprotocols(req)
    const signs = readHeadFlags(req.rawHeaders)
    const problem = handshakeProblem(req)
    if (problem !== undefined) return refuseUpgrade(socket, problem)
    if (target === undefined || subprotocols === undefined || signs.hasSeveralHosts)
      return refuseUpgrade(socket, 400)
    if (runtime.isDraining) return refuseUpgrade(socket, 503)
    const peer = forwardedPeer(this.#peerOf(socket), forwarded)
    const parts = { req, socket, head, target, peer, subprotocols, runtime, webSockets: this.#webSockets }
    return new WebSocketCycle(parts).run()
  }

  #connectionOf(socket: Duplex): AsgiConnection {
    return AsgiConnection.of(socket) ?? new AsgiConnection(socket, this.#peerOf(socket))
  }

  #peerOf(socket: Duplex): Peer {
    return AsgiConnection.of(socket)?.peer ?? peerOf(socket, this.#runtime.unixPath)
  }

  #isWebSocket(req: IncomingMessage): boolean {
    if (!isWebSocketUpgrade(req)) return false
    const { log, options } = this.#runtime
    if (!options.websocket && !this.#hasWarned) {
      this.#hasWarned = true
      log.warn('Unsupported upgrade request: the option `websocket` is false')
    }
    return options.websocket
  }
}

/** The proxy has mounted the server, and the option mounts the app in it. */
function rootPathOf({ options }: Runtime, forwarded: Forwarded | undefined): string {
  return forwarded?.prefix === undefined ? options.rootPath : forwarded.prefix + options.rootPath
}

function refuse(res: ServerResponse): undefined {
  res.shouldKeepAlive = false
  answerStatus(res, 400)
}
