/** Makes one app from handlers with exact types. */
import type { App, Handler, ScopeType } from './protocol/app.js'

export type Routes = { readonly [Type in ScopeType]?: Handler<Type> }

/**
 * An app from one handler per type of scope.
 *
 * Without a `websocket` handler, handshakes are refused with 403. Without a `lifespan` handler, the app has no lifespan, and
 * the option `lifespan` must not be `on`. Without an `http` handler, requests fail with 500.
 */
export function defineApp(routes: Routes): App {
  return (scope, receive, send) => {
    switch (scope.type) {
      // The server gives each scope the events of its own type.
      case 'http':
        return routes.http === undefined ? missing('http') : routes.http(scope, receive as never, send)
      case 'websocket':
        return routes.websocket === undefined
          ? send({ type: 'websocket.close' })
          : routes.websocket(scope, receive as never, send)
      default:
        return routes.lifespan === undefined
          ? missing('lifespan')
          : routes.lifespan(scope, receive as never, send)
    }
  }
}

function missing(type: ScopeType): Promise<never> {
  return Promise.reject(new TypeError(`This app has no handler for scopes of type "${type}"`))
}
