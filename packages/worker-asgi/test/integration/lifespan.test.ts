import type { RawClient } from '@tunicorn/harness/vitest'
import {
  type App,
  type LifespanScope,
  type LifespanSendEvent,
  type ServeOptions,
  serve,
} from '@tunicorn/worker-asgi'
import { describe, expect, test } from 'vitest'
import { http } from '../support/apps.js'
import { Probe, protocolError } from '../support/probe.js'
import { get } from '../support/requests.js'
import { startScene } from '../support/scene.js'

const startedUp: LifespanSendEvent = { type: 'lifespan.startup.complete' }
const shutDown: LifespanSendEvent = { type: 'lifespan.shutdown.complete' }

interface Life {
  readonly startup?: (scope: LifespanScope) => LifespanSendEvent | Promise<LifespanSendEvent>
  readonly shutdown?: () => LifespanSendEvent | Promise<LifespanSendEvent>
}

/** An app with a lifespan that notes its events, and requests that note the state. */
function living({ startup = () => startedUp, shutdown = () => shutDown }: Life = {}): (probe: Probe) => App {
  return probe => async (scope, receive, send) => {
    if (scope.type === 'lifespan') {
      probe.note((await receive()).type)
      await send(await startup(scope))
      probe.note((await receive()).type)
      await send(await shutdown())
      return
    }
    if (scope.type !== 'http') return
    probe.note('state' in scope ? scope.state : 'no state')
    await send({ type: 'http.response.start', status: 204 })
    await send({ type: 'http.response.body' })
  }
}

/** Serves, asks once and stops. */
async function runOnce(makeApp: (probe: Probe) => App, options: ServeOptions = {}): Promise<Probe> {
  const { server, connect, probe } = await startScene(makeApp, options)
  const client = await connect()
  await client.send(get('/', ['Connection: close'])).until(/204/)
  await server.close()
  return probe
}

/** What a start is rejected with. */
async function failure(makeApp: (probe: Probe) => App, options: ServeOptions): Promise<unknown> {
  const probe = new Probe()
  return await serve(makeApp(probe), { port: 0, log: probe.log, ...options }).then(
    server => server.close(0),
    (error: unknown) => error,
  )
}

describe('lifespan', () => {
  test.each(['on', 'auto'] as const)(
    'given %s, expect start-up before the first request and shutdown after the last',
    async lifespan => {
      const probe = await runOnce(living(), { lifespan })
      expect(probe.notes).toEqual(['lifespan.startup', {}, 'lifespan.shutdown'])
      probe.expectNoErrors()
    },
  )

  test('given off, expect no lifespan and no state', async () => {
    const probe = await runOnce(living(), { lifespan: 'off' })
    expect(probe.notes).toEqual(['no state'])
  })

  test.each([
    ['throws', () => Promise.reject(new Error('no lifespan'))],
    [
      'throws at once',
      () => {
        throw new Error('no lifespan')
      },
    ],
    ['returns', () => Promise.resolve()],
  ] as const)(
    'given auto and an app that %s, expect it to be served without a lifespan and without a state',
    async (_what, life) => {
      const app = (probe: Probe): App => {
        const requests = living()(probe)
        return (scope, receive, send) => (scope.type === 'lifespan' ? life() : requests(scope, receive, send))
      }
      const probe = await runOnce(app)
      expect(probe.notes).toEqual(['no state'])
      probe.expectNoErrors()
    },
  )

  test('given on and an app that throws, expect the start to fail with its error', async () => {
    const app = () => (): Promise<void> => Promise.reject(new Error('no database'))
    expect(await failure(app, { lifespan: 'on' })).toMatchObject({
      code: 'BOOT_FAILED',
      message: 'Application startup failed. Exiting. Error: no database',
      cause: new Error('no database'),
    })
  })

  test('given on and an app that returns, expect the start to fail', async () => {
    const app = () => (): Promise<void> => Promise.resolve()
    expect(await failure(app, { lifespan: 'on' })).toMatchObject({ code: 'BOOT_FAILED' })
  })

  test.each([
    ['on', false],
    ['on', true],
    ['auto', false],
    ['auto', true],
  ] as const)(
    'given %s, startup.failed, and a throw after it: %s, expect the start to fail with the message',
    async (lifespan, throws) => {
      const app = (): App => async (_scope, receive, send) => {
        await receive()
        await send({ type: 'lifespan.startup.failed', message: 'the lifespan event failed' })
        if (throws) throw new Error('after it')
      }
      expect(await failure(app, { lifespan })).toMatchObject({
        code: 'BOOT_FAILED',
        message: 'Application startup failed. Exiting. the lifespan event failed',
      })
    },
  )

  test('expect the scope to have type, versions and an empty state, and nothing else', async () => {
    const seen: LifespanScope[] = []
    await runOnce(
      living({
        startup: scope => {
          seen.push({ ...scope, state: { ...scope.state } })
          return startedUp
        },
      }),
    )
    expect(seen).toEqual([{ type: 'lifespan', asgi: { version: '3.0', specVersion: '2.0' }, state: {} }])
  })

  test('given a state of start-up, expect each request to get a shallow copy', async () => {
    const { server, connect, probe } = await startScene(probe => async (scope, receive, send) => {
      if (scope.type === 'lifespan') {
        await receive()
        Object.assign(scope.state, { a: 123, b: [1] })
        await send(startedUp)
        await receive()
        return await send(shutDown)
      }
      if (scope.type !== 'http') return
      probe.note(structuredClone(scope.state))
      if (scope.state !== undefined) {
        scope.state.a = 456
        if (Array.isArray(scope.state.b)) scope.state.b.push(2)
      }
      await send({ type: 'http.response.start', status: 204 })
      await send({ type: 'http.response.body' })
    })
    const client = await connect()
    client.send(get() + get('/', ['Connection: close']))
    await client.closed()
    expect(probe.notes).toEqual([
      { a: 123, b: [1] },
      { a: 123, b: [1, 2] },
    ])
    await server.close()
  })

  test('given an app that never answers, expect the start to fail after the timeout', async () => {
    const app = () => (): Promise<void> => new Promise(() => {})
    expect(await failure(app, { lifespanStartupTimeout: 0.05 })).toMatchObject({
      code: 'BOOT_FAILED',
      message: expect.stringContaining('0.05 s (lifespanStartupTimeout)'),
    })
  })

  test('given an app that never answers shutdown, expect the stop to end after the timeout', async () => {
    const probe = await runOnce(living({ shutdown: () => new Promise(() => {}) }), {
      lifespanShutdownTimeout: 0.05,
    })
    await probe.logged(/shutdown did not end in time/)
  })

  test.each([
    ['fails', () => ({ type: 'lifespan.shutdown.failed', message: 'cannot close' }) as const],
    ['throws', () => Promise.reject(new Error('cannot close'))],
  ] as const)(
    'given a shutdown that %s, expect the log to say so and the stop to end',
    async (_what, shutdown) => {
      const probe = await runOnce(living({ shutdown }))
      await probe.logged(/Application shutdown failed .*cannot close/)
    },
  )

  test('given a lifespan that throws while requests are served, expect the log to say so and requests to go on', async () => {
    const { connect, probe } = await startScene(probe => async (scope, receive, send) => {
      if (scope.type !== 'lifespan')
        return await http(async (_scope, _receive, answer) => {
          probe.note('asked')
          await answer({ type: 'http.response.start', status: 204 })
          await answer({ type: 'http.response.body' })
        })(scope, receive, send)
      await receive()
      await send(startedUp)
      throw new Error('in between')
    })
    await probe.logged(/The lifespan of the app failed .*in between/)
    const client = await connect()
    await client.send(get()).until(/204/)
  })

  test('given a shutdown that takes long, when the graceful timeout is over, expect the stop to end soon', async () => {
    const { server, probe } = await startScene(living({ shutdown: () => new Promise(() => {}) }))
    await server.close(0)
    await probe.logged(/shutdown did not end in time/)
  })

  test('given events out of order, expect `send` to reject', async () => {
    const { server, probe } = await startScene(probe => async (scope, receive, send) => {
      if (scope.type !== 'lifespan') return
      await receive()
      await probe.noteOutcome(send(shutDown))
      await probe.noteOutcome(send({ type: 'http.response.start', status: 200 }))
      await send(startedUp)
      await probe.noteOutcome(send(startedUp))
      await receive()
      await send(shutDown)
      await probe.noteOutcome(send(shutDown))
    })
    await server.close()
    expect(await probe.noted(4)).toEqual([protocolError, protocolError, protocolError, protocolError])
  })

  test('the shutdown comes when the last connection is gone', async () => {
    const { server, connect, probe } = await startScene(probe => {
      const life = living()(probe)
      return async (scope, receive, send) => {
        if (scope.type !== 'http') return await life(scope, receive, send)
        probe.note('begins')
        await new Promise(resolve => scope.extensions.server?.draining.addEventListener('abort', resolve))
        await send({ type: 'http.response.start', status: 204 })
        await send({ type: 'http.response.body' })
        probe.note('ends')
      }
    })
    const client: RawClient = await connect()
    client.send(get())
    await probe.noted(2)
    await server.close()
    expect(probe.notes).toEqual(['lifespan.startup', 'begins', 'ends', 'lifespan.shutdown'])
  })
})
