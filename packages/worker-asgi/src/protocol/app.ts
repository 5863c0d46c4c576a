/** The types of apps, and of what they are called with. */

import type { HttpReceiveEvent, HttpSendEvent } from './http-events.js'
import type { LifespanReceiveEvent, LifespanSendEvent } from './lifespan-events.js'
import type { HttpScope, LifespanScope, Scope, WebSocketScope } from './scopes.js'
import type { WebSocketReceiveEvent, WebSocketSendEvent } from './websocket-events.js'

/** Scope and events by the type of the scope. */
export interface EventMap {
  readonly http: {
    readonly scope: HttpScope
    readonly receive: HttpReceiveEvent
    readonly send: HttpSendEvent
  }
  readonly websocket: {
    readonly scope: WebSocketScope
    readonly receive: WebSocketReceiveEvent
    readonly send: WebSocketSendEvent
  }
  readonly lifespan: {
    readonly scope: LifespanScope
    readonly receive: LifespanReceiveEvent
    readonly send: LifespanSendEvent
  }
}

export type ScopeType = keyof EventMap

export type ReceiveEvent = EventMap[ScopeType]['receive']

export type SendEvent = EventMap[ScopeType]['send']

/** Resolves with the next event. Call it again only after the previous call has resolved. */
export type Receive<Type extends ScopeType = ScopeType> = () => Promise<EventMap[Type]['receive']>

/**
 * Resolves when the server has taken the event: at once while less than the high-water mark waits for the client, otherwise
 * when the client has read enough. Await it, or memory use grows.
 *
 * Rejects with `AsgiProtocolError` if the event is wrong or comes at the wrong time, and with `ClientDisconnectedError` if
 * the client has left.
 */
export type Send<Type extends ScopeType = ScopeType> = (event: EventMap[Type]['send']) => Promise<void>

/** An app for every scope. Narrow scopes by `scope.type` and events by `event.type`. See `defineApp` for exact types. */
export type App = (scope: Scope, receive: Receive, send: Send) => Promise<void>

/** An app for one type of scope. */
export type Handler<Type extends ScopeType> = (
  scope: EventMap[Type]['scope'],
  receive: Receive<Type>,
  send: Send<Type>,
) => Promise<void>

/** Wraps an app. It must copy a scope before changing it: `app({ ...scope, path }, receive, send)`. */
export type Middleware = (app: App) => App
