import type { AppKind, WorkerContext } from '@tunicorn/arbiter/worker'
import { expect, test } from 'vitest'
import eventLoop from '../../src/index.js'

test('the class promises what its package says', () => {
  expect(eventLoop).toMatchObject({ contract: 1, name: 'event-loop' })
  expect(eventLoop.options).toBeUndefined()
  expect(eventLoop.capabilities).toEqual({
    appKinds: ['node', 'fetch'],
    concurrency: 'multiple',
    heartbeat: 'host',
    keepAlive: true,
    streaming: true,
    upgrade: true,
    lifespan: false,
    tls: true,
    http2: true,
    needsListener: false,
  })
})

test.each(['auto', 'node', 'fetch'])('an app of kind %s is accepted and not loaded yet', async kind => {
  const worker = await eventLoop.create(contextOf(kind))
  expect(worker.stats?.()).toEqual({})
  await worker.close()
})

function contextOf(kind: AppKind | 'auto'): WorkerContext {
  const refuse = (): never => {
    throw new Error('Nothing may be called before `boot`')
  }
  return {
    group: 'default',
    age: 1,
    generation: 0,
    app: { url: 'file:///app.js', exportName: '', kind, load: refuse },
    listeners: [],
    get settings() {
      return refuse()
    },
    options: {},
    log: { debug: refuse, info: refuse, warn: refuse, error: refuse },
    notify: refuse,
    beginRequest: refuse,
    retire: refuse,
  }
}
