import type { RequestHead, RequestOutcome } from '@tunicorn/arbiter/worker'
import { expect, test } from 'vitest'
import { Exchange } from '../../src/connection/exchange.js'

const head: RequestHead = { method: 'JOB', target: 'mail' }

function announced(): {
  readonly exchange: Exchange
  readonly outcomes: RequestOutcome[]
  readonly owner: Set<Exchange>
} {
  const outcomes: RequestOutcome[] = []
  const owner = new Set<Exchange>()
  const exchange = new Exchange(owner, head, { beginRequest: () => outcome => void outcomes.push(outcome) })
  return { exchange, outcomes, owner }
}

test('it is kept by its owner until it has ended, and ends once', () => {
  const { exchange, outcomes, owner } = announced()
  expect([...owner]).toEqual([exchange])
  exchange.end('sent', { bytes: 4 })
  exchange.end('aborted')
  expect(outcomes).toEqual([{ type: 'sent', bytes: 4 }])
  expect([owner.size, exchange.isOver]).toEqual([0, true])
})

test('one that has failed is reported as failed, with its first error, however it ends', () => {
  const { exchange, outcomes } = announced()
  expect([exchange.fail('first'), exchange.fail('second')]).toEqual([true, false])
  exchange.end('aborted')
  expect(outcomes).toEqual([{ type: 'failed', error: 'first' }])
})
