/** The states of a WebSocket, and the events that an app may send in each. */

/**
 * `connecting`: the handshake is held; `denying`: the app is answering it with a response; `refused`: it was answered with one;
 * `open`; `closing`: this side has sent its close frame; `closed`: the peer has left.
 */
export type WebSocketState = 'connecting' | 'denying' | 'refused' | 'open' | 'closing' | 'closed'

/** For messages about events that are sent at the wrong time. */
export const expectedWebSocketEvents: Readonly<Record<WebSocketState, readonly string[]>> = {
  connecting: ['`websocket.accept`', '`websocket.close`', '`websocket.http.response.start`'],
  denying: ['`websocket.http.response.body`'],
  refused: ['no event after the handshake is refused'],
  open: ['`websocket.send`', '`websocket.close`'],
  closing: ['no event after `websocket.close`'],
  closed: ['no event after the client has left'],
}
