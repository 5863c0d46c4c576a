/** Passes requests and WebSockets on to the groups that listen on Unix sockets, so that the browser sees one origin. */
import { addAbortListener } from 'node:events'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { createProxyServer, proxyUpgrade } from 'httpxy'
import type { DemoDirectory } from '../directory/demo-directory.js'
import { isLane } from '../shared/lane.js'
import { type Route, sendProblem } from './route.js'

export class GroupProxy {
  readonly #directory: DemoDirectory
  readonly #draining: AbortSignal
  readonly #server = createProxyServer({ xfwd: true })

  /** `draining` aborts when this worker is about to leave. Browsers then reconnect their WebSockets through another one. */
  constructor(directory: DemoDirectory, draining: AbortSignal) {
    this.#directory = directory
    this.#draining = draining
  }

  /** `/cpu/tile` is `/tile` of the group `cpu`. */
  readonly request: Route = async (request, response) => {
    const socketPath = this.#takeSocket(request)
    if (socketPath === undefined) return sendProblem(response, 404, 'There is nothing here')
    try {
      await this.#server.web(request, response, { target: { socketPath } })
    } catch (error) {
      if (response.headersSent) throw error
      sendProblem(
        response,
        502,
        `The group gave no answer: ${error instanceof Error ? error.message : error}`,
      )
    }
  }

  async upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const socketPath = this.#takeSocket(request)
    if (socketPath === undefined) {
      socket.end('HTTP/1.1 404 Not Found\r\nconnection: close\r\ncontent-length: 0\r\n\r\n')
      return
    }
    const leaving = addAbortListener(this.#draining, () => socket.destroy())
    socket.once('close', () => leaving[Symbol.dispose]())
    // The browser learns of a refusal or a lost connection anyway.
    await proxyUpgrade(`unix:${socketPath}`, request, socket, head).catch(() => {})
  }

  /** Removes the name of the group from the target of the request. */
  #takeSocket(request: IncomingMessage): string | undefined {
    const [, lane, rest = '/'] = /^\/(\w+)(\/.*)$/.exec(request.url ?? '') ?? []
    if (!isLane(lane) || lane === 'web') return undefined
    request.url = rest
    return this.#directory.socket(lane)
  }
}
