/** Events of an HTTP request. Names are as in ASGI, keys are in camel case. */

import type { FileHandle } from 'node:fs/promises'
import type { HeadersOut } from './headers.js'

/** Bytes for a response body. Text is sent as UTF-8, in one write with the head. */
export type BodyOut = Uint8Array | string

/** A part of the request body. `moreBody: false` comes exactly once, and only after the whole body has arrived. */
export interface HttpRequestEvent {
  readonly type: 'http.request'
  readonly body: Uint8Array
  readonly moreBody: boolean
}

/** The client has left, or the response is complete. From then on, every `receive` returns this event. */
export interface HttpDisconnectEvent {
  readonly type: 'http.disconnect'
  readonly reason?: string
}

export type HttpReceiveEvent = HttpRequestEvent | HttpDisconnectEvent

/** The head of the response. It comes first and once, and is held until the first event of the body. */
export interface HttpResponseStartEvent {
  readonly type: 'http.response.start'
  /** 200 to 999. */
  readonly status: number
  readonly headers?: HeadersOut
  /** Announces `http.response.trailers` after the body. @default false */
  readonly trailers?: boolean
}

/** A part of the response body. Without `moreBody`, it is the last one. */
export interface HttpResponseBodyEvent {
  readonly type: 'http.response.body'
  readonly body?: BodyOut
  /** @default false */
  readonly moreBody?: boolean
}

/** Sent only to clients that asked with `TE: trailers`. Dropped for others. */
export interface HttpResponseTrailersEvent {
  readonly type: 'http.response.trailers'
  readonly headers: HeadersOut
  /** @default false */
  readonly moreTrailers?: boolean
}

/** A file as the whole body. A file that cannot be opened is answered with 404. */
export interface HttpResponsePathsendEvent {
  readonly type: 'http.response.pathsend'
  /** Absolute. */
  readonly path: string
}

/** A part of an open file as a part of the body. The server never closes the file. */
export interface HttpResponseZerocopyEvent {
  readonly type: 'http.response.zerocopysend'
  readonly file: FileHandle | number
  /** Byte to begin at. @default the position of the file */
  readonly offset?: number
  /** Bytes to send. @default up to the end of the file */
  readonly count?: number
  /** @default false */
  readonly moreBody?: boolean
}

/** `103 Early Hints`. Sent as long as the head of the response was not sent, and dropped after that. */
export interface HttpResponseEarlyHintEvent {
  readonly type: 'http.response.early_hint'
  /** Values of `Link` fields. */
  readonly links: Iterable<string>
}

/** Ignored: HTTP/1 has no server push. */
export interface HttpResponsePushEvent {
  readonly type: 'http.response.push'
  readonly path: string
  readonly headers?: HeadersOut
}

/** Ignored: meant for test clients. */
export interface HttpResponseDebugEvent {
  readonly type: 'http.response.debug'
  readonly info: Readonly<Record<string, unknown>>
}

export type HttpSendEvent =
  | HttpResponseStartEvent
  | HttpResponseBodyEvent
  | HttpResponseTrailersEvent
  | HttpResponsePathsendEvent
  | HttpResponseZerocopyEvent
  | HttpResponseEarlyHintEvent
  | HttpResponsePushEvent
  | HttpResponseDebugEvent
