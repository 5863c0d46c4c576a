/** Events of a WebSocket. The server handles pings, fragments and compression. */

import type { HeadersOut } from './headers.js'
import type { BodyOut } from './http-events.js'

/** Comes first and once. The handshake is held until the app accepts, closes or answers. */
export interface WebSocketConnectEvent {
  readonly type: 'websocket.connect'
}

/** A whole message: exactly one of `text` and `bytes`. */
export type WebSocketReceiveMessageEvent =
  | { readonly type: 'websocket.receive'; readonly text: string; readonly bytes?: undefined }
  | { readonly type: 'websocket.receive'; readonly bytes: Uint8Array; readonly text?: undefined }

/**
 * The end, after every earlier message. Every later `receive` returns it again. `code` is the client's, 1005 if it gave none,
 * 1006 if the connection was lost or never accepted, 1012 if the server stops.
 */
export interface WebSocketDisconnectEvent {
  readonly type: 'websocket.disconnect'
  readonly code: number
  readonly reason: string
}

export type WebSocketReceiveEvent =
  | WebSocketConnectEvent
  | WebSocketReceiveMessageEvent
  | WebSocketDisconnectEvent

/** Completes the handshake. */
export interface WebSocketAcceptEvent {
  readonly type: 'websocket.accept'
  /** One of `scope.subprotocols`. */
  readonly subprotocol?: string | null
  /** Further fields of the 101 response, except those of the handshake itself. */
  readonly headers?: HeadersOut
}

/** A message: exactly one of `text` and `bytes`. */
export type WebSocketSendMessageEvent =
  | { readonly type: 'websocket.send'; readonly text: string; readonly bytes?: null | undefined }
  | { readonly type: 'websocket.send'; readonly bytes: Uint8Array; readonly text?: null | undefined }

/** Closes the socket. Before `websocket.accept`, it refuses the handshake with 403. */
export interface WebSocketCloseEvent {
  readonly type: 'websocket.close'
  /** 1000 to 1003, 1007 to 1014 or 3000 to 4999. @default 1000 */
  readonly code?: number | null
  /** Cut to 123 bytes, between characters. @default '' */
  readonly reason?: string | null
}

/** Refuses the handshake with the app's own response. */
export interface WebSocketDenialStartEvent {
  readonly type: 'websocket.http.response.start'
  /** 200 to 599. */
  readonly status: number
  readonly headers?: HeadersOut
}

export interface WebSocketDenialBodyEvent {
  readonly type: 'websocket.http.response.body'
  readonly body?: BodyOut
  /** @default false */
  readonly moreBody?: boolean
}

export type WebSocketSendEvent =
  | WebSocketAcceptEvent
  | WebSocketSendMessageEvent
  | WebSocketCloseEvent
  | WebSocketDenialStartEvent
  | WebSocketDenialBodyEvent
