/**
 * The worker class `resp`: a server that speaks the Redis protocol on one event loop.
 *
 * The arbiter imports this module too, so it loads nothing but the description of the class.
 */
import type { Issue, WorkerClass } from '@tunicorn/arbiter/worker'
import { integer, minValue, number, optional, pipe, strictObject } from 'valibot'

/** Settings that are about HTTP. Without the check below, they would be ignored silently. */
const ofHttp = /^(?:limitRequest|headerMap|request|proxyProtocol|forwarded|http2|redirectHttp)/

/** The most bytes that the arguments of one command may have, with their heads. */
const maxCommandBytes = optional(pipe(number(), integer(), minValue(1)), 1_048_576)
const options = strictObject({ maxCommandBytes })

const resp: WorkerClass<typeof options> = {
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
  options,
  // Clients of this protocol keep one connection for as long as they live.
  defaults: { keepAlive: 3600 },
  check: ({ given }): readonly Issue[] =>
    [...given]
      .filter(name => ofHttp.test(name))
      .map(name => ({ path: [name], message: 'it has no effect: it is about HTTP', severity: 'warning' })),
  async create(context) {
    const [{ createSocketWorker }, { RespConversation }] = await Promise.all([
      import('@tunicorn/net'),
      import('./resp-conversation.js'),
    ])
    return createSocketWorker(context, app => RespConversation.with(app, context))
  },
}

export default resp
