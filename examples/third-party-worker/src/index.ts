/**
 * The worker class `resp`: a server that speaks the Redis protocol on one event loop.
 *
 * The arbiter imports this module too, so it loads nothing but the description of the class.
 */
import type { CheckInput, Issue, WorkerClass } from '@tunicorn/arbiter/worker'
import { type RespOptions, respOptions } from './options.js'

export type { RespOptions } from './options.js'

/** Settings that are about HTTP: given, they would be ignored without a word. */
const ofHttp = [
  'limitRequestLine',
  'limitRequestFields',
  'limitRequestFieldSize',
  'limitRequestHead',
  'limitRequestBody',
  'headerMap',
  'requestTimeout',
  'proxyProtocol',
  'forwardedAllowIps',
  'forwardedHeaders',
]

const resp: WorkerClass<typeof respOptions> = {
  contract: 1,
  name: 'resp',
  capabilities: {
    appKinds: ['resp'],
    concurrency: 'multiple',
    heartbeat: 'host',
    keepAlive: true,
    streaming: false,
    upgrade: false,
    lifespan: false,
  },
  options: respOptions,
  // Clients of this protocol keep one connection for as long as they live.
  defaults: { keepAlive: 3600 },
  check: ({ given }: CheckInput<RespOptions>): readonly Issue[] =>
    ofHttp
      .filter(name => given.has(name))
      .map(name => ({ path: [name], message: 'it has no effect: it is about HTTP', severity: 'warning' })),
  async create(context) {
    const { RespWorker } = await import('./resp-worker.js')
    return new RespWorker(context)
  },
}

export default resp
