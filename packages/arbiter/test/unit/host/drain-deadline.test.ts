import { once } from 'node:events'
import { expect, it } from 'vitest'
import { DrainDeadline } from '../../../src/host/drain-deadline.js'

async function abortedAfterMs(deadline: DrainDeadline): Promise<number> {
  const beganAt = performance.now()
  await once(deadline.signal, 'abort')
  return performance.now() - beganAt
}

it('comes nearer when a drain is to be quicker', async () => {
  const deadline = new DrainDeadline()
  deadline.shorten(60_000)
  deadline.shorten(20)
  expect(await abortedAfterMs(deadline)).toBeLessThan(30_000)
})

it('does not go away again, as when the arbiter ends while its worker drains', async () => {
  const deadline = new DrainDeadline()
  deadline.shorten(20)
  deadline.shorten(60_000)
  expect(await abortedAfterMs(deadline)).toBeLessThan(30_000)
})
