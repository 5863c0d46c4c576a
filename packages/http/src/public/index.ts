/** For worker classes that serve HTTP. */
export type { ExchangeHandler, NodeApp, TunnelHandler } from '../app/node-app.js'
export { resolveHttpApp } from '../app/resolve-http-app.js'
export type { Forwarded } from '../forwarded/forwarded.js'
export { ForwardedReader } from '../forwarded/forwarded-reader.js'
export { cut } from '../server/cut.js'
export { answerStatus, refuseSocket } from '../server/refuse.js'
export { HttpService, type HttpServiceContext, type HttpServiceOptions } from '../service/http-service.js'
export { isWebSocketUpgrade } from '../service/is-websocket-upgrade.js'
