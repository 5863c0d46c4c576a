import { describe, it } from 'vitest'
import { rollBack } from '../runs/canary.js'
import { deployUnderLoad } from '../runs/deploys.js'
import { killUnderLoad } from '../runs/kills.js'
import { recycleUnderLoad } from '../runs/recycling.js'
import { reloadUnderLoad } from '../runs/reloads.js'
import { sendPair, signals } from '../runs/signal-pair.js'
import { upgradeUnderLoad } from '../runs/upgrades.js'

describe('every pair of signals', () => {
  const pairs = signals.flatMap(first => signals.map(second => [first, second] as const))
  it.concurrent.each(pairs)('%s and then %s end as precedence says', sendPair)
})

describe('10 reloads under constant load', () => {
  it.each([
    ['TCP', true],
    ['TCP', false],
    ['a Unix socket', true],
    ['a Unix socket', false],
  ] as const)('lose no request, on %s, keep-alive %s', (transport, keepAlive) =>
    reloadUnderLoad({ transport, keepAlive, reloads: 10, requests: 4_000 }),
  )
})

describe('under load', () => {
  it('recycling after 40 requests loses none of 10,000 requests', () => recycleUnderLoad(10_000))

  it('5 upgrades lose no request, and leave the arbiter with as many descriptors as before', () =>
    upgradeUnderLoad(5))

  it('50 workers killed at random cost no more than what they had in their hands, and leave nothing behind', () =>
    killUnderLoad(50))
})

describe('a reload to code that crashes within the canary window', () => {
  it.each([150, 900, 1_500])(
    '%i ms after it serves goes back, and the old workers are all still there',
    rollBack,
  )
})

describe('a life of deploys', () => {
  // The long run of the documents: 1,000,000 requests over 500 reloads.
  const requests = Number(process.env.SOAK_REQUESTS ?? 100_000)
  const reloads = Number(process.env.SOAK_RELOADS ?? 6)
  const seed = Number(process.env.SEED ?? 1)

  it(
    `${reloads} reloads, a third of them of code that crashes, cost no request but what ended workers had in their hands`,
    { timeout: 240_000 + reloads * 30_000 },
    () => deployUnderLoad({ requests, reloads, seed }),
  )
})
