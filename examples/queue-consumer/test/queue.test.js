import assert from 'node:assert/strict'
import { afterEach, beforeEach, test } from 'node:test'
import { Journal, RedisServer } from './support/redis-server.js'
import { Server } from './support/server.js'

let redis
let journal
let server

beforeEach(async () => {
  redis = await RedisServer.start()
  journal = new Journal(redis)
})

afterEach(async () => {
  assert.equal(await server.stop(), 0, server.output)
  journal.close()
  await redis.stop()
})

function start(env = {}) {
  server = new Server({ REDIS: redis.path, ...env })
}

const done = id => entry => entry.id === id && entry.what === 'done'
const begun = id => entry => entry.id === id && entry.what === 'begun'

test('jobs from before the start and from after it are done, each once, by all workers', async () => {
  const early = await redis.add('quick')
  start()
  await journal.find(done(early))
  const ids = [early]
  for (let count = 0; count < 200; count += 1) ids.push(await redis.add('quick'))
  for (const id of ids) await journal.find(done(id))
  assert.equal(await server.stop(), 0, server.output)
  assert.equal(await redis.left(), 0)
  assert.deepEqual(journal.entries.map(({ id }) => id).sort(), ids.sort())
})

test('a job in flight is finished by its worker through a reload, and jobs after it by new workers', async () => {
  start()
  const held = await redis.add('held', { cue: 'go' })
  const { pid } = await journal.find(begun(held))
  server.signal('SIGHUP')
  await server.waitFor(/Reload done/)
  const next = await redis.add('quick')
  assert.notEqual((await journal.find(done(next))).pid, pid)
  await redis.client.rpush('go', 'now')
  assert.equal((await journal.find(done(held))).pid, pid)
  assert.equal(await server.stop(), 0, server.output)
  assert.equal(await redis.left(), 0)
  assert.equal(journal.entries.filter(begun(held)).length, 1)
})

test('a job that is not done at the deadline of a drain is told, given back, and done by another worker at once', async () => {
  // Within the patience nobody has it who was not given it.
  start({ GRACEFUL_TIMEOUT: '1', PATIENCE: '3600' })
  const endless = await redis.add('endless')
  const { pid } = await journal.find(begun(endless))
  server.signal('SIGHUP')
  await journal.find(entry => entry.id === endless && entry.what === 'aborted')
  const again = await journal.find(entry => begun(endless)(entry) && entry.pid !== pid)
  assert.ok(again)
  // The log comes on another way than the jobs.
  await server.waitFor(/Cut at the deadline of the drain: the job endless/)
})

test('a job of a worker that was killed is done by another one', async () => {
  start()
  const held = await redis.add('held', { cue: 'go' })
  const { pid } = await journal.find(begun(held))
  process.kill(pid, 'SIGKILL')
  const again = await journal.find(entry => begun(held)(entry) && entry.pid !== pid)
  await redis.client.rpush('go', 'now', 'now')
  assert.equal((await journal.find(done(held))).pid, again.pid)
})

test('a job that takes longer than `patience` is not taken by another worker', async () => {
  start()
  const held = await redis.add('held', { cue: 'go' })
  await journal.find(begun(held))
  // Each worker looks once a second for jobs that nobody does.
  const looks = await redis.calls('xautoclaim')
  while ((await redis.calls('xautoclaim')) < looks + 8) await new Promise(resolve => setTimeout(resolve, 100))
  await redis.client.rpush('go', 'now')
  await journal.find(done(held))
  assert.equal(journal.entries.filter(begun(held)).length, 1)
})

test('a job that fails is logged and put aside, and one without a handler too', async () => {
  start()
  await redis.add('fail', { to: 'Ada' })
  await redis.add('nonsense')
  const aside = redis.client.duplicate()
  const found = []
  for (let last = '0'; found.length < 2; ) {
    const [[, entries]] = await aside.xread('BLOCK', 0, 'STREAMS', 'jobs:failed', last)
    for (const [id, fields] of entries) {
      last = id
      found.push(fields[fields.indexOf('error') + 1])
    }
  }
  aside.disconnect()
  assert.deepEqual(found.sort(), [
    'Error: The app has no handler for jobs of the name `nonsense`',
    'Error: no luck',
  ])
  await server.waitFor(/no luck.*The job fail has failed/)
  assert.equal(await redis.left(), 0)
})
