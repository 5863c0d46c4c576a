import type { CheckInput, WorkerSettings } from '@tunicorn/arbiter/worker'
import { expect, test } from 'vitest'
import sync, { type SyncOptions } from '../../src/index.js'
import { contextOf, defaultSettings } from '../support/context.js'

test('the class promises what its package says', () => {
  expect(sync).toMatchObject({ contract: 1, name: 'sync', defaults: { maxRequests: 1 } })
  expect(sync.capabilities).toEqual({
    appKinds: ['node', 'fetch'],
    concurrency: 'single',
    heartbeat: 'worker',
    keepAlive: false,
    streaming: true,
    upgrade: false,
    lifespan: false,
    tls: true,
  })
})

test.each(['auto', 'node', 'fetch'])('an app of kind %s is accepted and not loaded yet', async kind => {
  const worker = await sync.create(contextOf(kind))
  expect(worker.stats?.()).toEqual({})
  await worker.close()
})

test('there are as many spares as workers, unless the option says otherwise', () => {
  expect(sync.spares?.(inputOf({}))).toBe(3)
  expect(sync.spares?.(inputOf({ options: { spares: 0, watchdog: false } }))).toBe(0)
  expect(sync.spares?.(inputOf({ options: { spares: 7, watchdog: false } }))).toBe(7)
})

test('there is no watchdog thread unless the option asks for one', () => {
  expect(sync.watchdog?.(inputOf({}))).toBe(false)
  expect(sync.watchdog?.(inputOf({ options: { watchdog: true } }))).toBe(true)
})

test('settings that make no sense with the class are warned of when the user gave them', () => {
  const issues = sync.check?.(
    inputOf({ given: ['keepAlive', 'workerConnections', 'maxConcurrency', 'timeout'] }),
  )
  expect(issues).toEqual([
    { path: ['keepAlive'], message: expect.stringMatching(/no effect/), severity: 'warning' },
    { path: ['workerConnections'], message: expect.stringMatching(/no effect/), severity: 'warning' },
    { path: ['maxConcurrency'], message: expect.stringMatching(/no effect/), severity: 'warning' },
  ])
  expect(sync.check?.(inputOf({}))).toEqual([])
})

test('settings that say what the class does anyway are not warned of', () => {
  const settings = { keepAlive: 0, workerConnections: 1 }
  expect(sync.check?.(inputOf({ given: ['keepAlive', 'workerConnections'], settings }))).toEqual([])
})

interface Given {
  readonly options?: SyncOptions
  readonly given?: readonly string[]
  readonly settings?: Partial<WorkerSettings>
}

function inputOf({
  options = { watchdog: false },
  given = [],
  settings = {},
}: Given): CheckInput<SyncOptions> {
  return {
    group: 'default',
    workers: 3,
    settings: { ...defaultSettings, ...settings },
    given: new Set(given),
    options,
  }
}
