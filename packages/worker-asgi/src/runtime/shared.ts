/** Values that are the same for every request: made once, frozen, and shared. */

import type { HttpDisconnectEvent, HttpRequestEvent } from '../protocol/http-events.js'
import type { AsgiInfo, ExtensionFlag } from '../protocol/scopes.js'

/** Bytes that may wait for a client before `send` waits too, and bytes that are read ahead of `receive`. */
export const highWaterMark: number = 64 * 1024

/** How long the worker waits for an app after its client has left. */
export const disconnectGraceMs = 3000

/** What `send` returns if it need not wait. */
export const done: Promise<void> = Promise.resolve()

export const asgiInfo: AsgiInfo = Object.freeze({ version: '3.0', specVersion: '2.5' })

export const flag: ExtensionFlag = Object.freeze({})

/** The whole body of a request without one. */
export const emptyRequest: Promise<HttpRequestEvent> = Promise.resolve(
  Object.freeze({ type: 'http.request', body: Buffer.alloc(0), moreBody: false }),
)

export const disconnected: HttpDisconnectEvent = Object.freeze({ type: 'http.disconnect' })

export const disconnectedPromise: Promise<HttpDisconnectEvent> = Promise.resolve(disconnected)
