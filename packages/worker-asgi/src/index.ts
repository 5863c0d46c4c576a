/**
 * The worker class `asgi`, and what authors of ASGI apps need.
 *
 * The arbiter imports this module too, so it loads nothing but the contract, the options and small helpers.
 */
import { defineWorkerClass, type StandardSchemaV1, type WorkerClass } from '@tunicorn/arbiter/worker'
import { type AsgiOptions, optionsSchema } from './runtime/options.js'

export { defineApp, type Routes } from './define-app.js'
export { type FetchApp, type FetchHandler, fromFetch } from './fetch/from-fetch.js'
export { toFetch } from './fetch/to-fetch.js'
export type * from './protocol/app.js'
export type * from './protocol/context.js'
export { AsgiProtocolError, ClientDisconnectedError } from './protocol/errors.js'
export type * from './protocol/headers.js'
export type * from './protocol/http-events.js'
export type * from './protocol/lifespan-events.js'
export type * from './protocol/scopes.js'
export type * from './protocol/websocket-events.js'
export type { AsgiOptions } from './runtime/options.js'
export { type AsgiServer, type ServeOptions, serve } from './serve/serve.js'

const asgi: WorkerClass<StandardSchemaV1<unknown, AsgiOptions>> = defineWorkerClass({
  contract: 1,
  name: 'asgi',
  capabilities: {
    appKinds: ['asgi'],
    concurrency: 'multiple',
    heartbeat: 'host',
    keepAlive: true,
    streaming: true,
    upgrade: true,
    lifespan: true,
    tls: true,
    http2: true,
    needsListener: false,
  },
  options: optionsSchema,
  check({ options, settings }) {
    const { lifespan, lifespanStartupTimeout } = options
    const isShorter = settings.bootTimeout > 0 && settings.bootTimeout < lifespanStartupTimeout
    // Both default to 60 s.
    if (lifespan === 'off' || !isShorter || lifespanStartupTimeout === 60) return []
    const message = `the boot timeout of ${settings.bootTimeout} s ends a start-up before it`
    return [{ path: ['workerOptions', 'lifespanStartupTimeout'], message, severity: 'warning' }]
  },
  async create(context) {
    const { AsgiWorker } = await import('./service/asgi-worker.js')
    return new AsgiWorker(context)
  },
})

export default asgi
