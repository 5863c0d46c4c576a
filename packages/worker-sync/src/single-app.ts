/** An app that gets one request at a time and no upgrades. Its response can be ended by force. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ExchangeHandler, NodeApp } from '@tunicorn/http'
import { answerTimeout } from './answer-timeout.js'

/** How far the response had come when it was ended by force. */
export type CutPhase =
  /** Nothing was sent: the client got a 504. */
  | 'answered'
  /** A part of it was sent. */
  | 'cut'
  /** The app had ended it, but the client had not read it. */
  | 'unread'

interface RequestInHand {
  readonly req: IncomingMessage
  readonly res: ServerResponse
  readonly bytesBefore: number
}

export class SingleApp implements NodeApp {
  readonly #app: NodeApp
  readonly #idHeader: string
  readonly #responseEnded: (() => void) | undefined
  #inHand: RequestInHand | undefined

  /**
   * `idHeader`: the setting `requestIdHeader`. `responseEnded` is called when the app has ended a response, which may be
   * long before the client has received it.
   */
  constructor(app: NodeApp, idHeader: string, responseEnded?: () => void) {
    this.#app = app
    this.#idHeader = idHeader
    this.#responseEnded = responseEnded
  }

  request(req: IncomingMessage, res: ServerResponse): unknown {
    this.#take(req, res)
    return this.#app.request(req, res)
  }

  get checkContinue(): ExchangeHandler | undefined {
    return this.#taking(this.#app.checkContinue)
  }

  get checkExpectation(): ExchangeHandler | undefined {
    return this.#taking(this.#app.checkExpectation)
  }

  async close(): Promise<void> {
    await this.#app.close?.()
  }

  /** Ends the request in flight. `undefined`: the app has none, because the server refuses the request itself. */
  end(): CutPhase | undefined {
    // An earlier request has ended with its connection.
    if (this.#inHand === undefined || this.#inHand.req.socket.destroyed) return undefined
    const { req, res, bytesBefore } = this.#inHand
    if (req.socket.bytesWritten === bytesBefore) {
      answerTimeout(req, res, this.#idHeader)
      return 'answered'
    }
    const phase = res.writableEnded ? 'unread' : 'cut'
    req.socket.destroy()
    return phase
  }

  #taking(handler: ExchangeHandler | undefined): ExchangeHandler | undefined {
    if (handler === undefined) return undefined
    return (req, res) => {
      this.#take(req, res)
      return handler(req, res)
    }
  }

  #take(req: IncomingMessage, res: ServerResponse): void {
    this.#inHand = { req, res, bytesBefore: req.socket.bytesWritten }
    if (this.#responseEnded !== undefined) res.once('prefinish', this.#responseEnded)
  }
}
