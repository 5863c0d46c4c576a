import { expect, test } from 'vitest'
import { startArbiter } from '../support/start-arbiter.js'

test('an arbiter starts once: a stop before it ends it at once, and every other start is refused', async () => {
  await using server = await startArbiter({ runner: 'run-twice.mjs', settings: { bind: '127.0.0.1:0' } })
  expect((await server.exited).code).toBe(0)
  expect(server.output).toContain('stop before start: 0, then start: ARBITER_USED')
  expect(server.output).toContain('two starts: none ARBITER_USED')
  expect(server.output).toContain('stop: 0, then start: ARBITER_USED')
})
