/** The clauses that need no client: the others are about connections, and this class has none. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { checkWorkerClass, formatReport, httpDriver } from '@tunicorn/test-kit'
import queue from '../dist/index.js'
import { RedisServer } from './support/redis-server.js'

let redis
before(async () => {
  redis = await RedisServer.start()
})
after(() => redis.stop())

test('the class keeps the contract', async () => {
  const report = await checkWorkerClass(queue, {
    module: new URL('../dist/index.js', import.meta.url),
    driver: { ...httpDriver, protocol: 'none', acts: [] },
    apps: { jobs: new URL('./support/conformance-app.js', import.meta.url) },
    options: { redis: redis.path },
    only: [
      'WC-101',
      'WC-102',
      'WC-103',
      'WC-202',
      'WC-204',
      'WC-205',
      'WC-206',
      'WC-207',
      'WC-403',
      'WC-702',
      'WC-901',
    ],
  })
  assert.ok(
    report.results.every(({ status }) => status === 'passed'),
    formatReport(report),
  )
})
