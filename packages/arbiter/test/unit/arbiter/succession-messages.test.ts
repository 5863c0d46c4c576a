import { expect, test } from 'vitest'
import {
  readSuccession,
  type SuccessionMessage,
  writeSuccession,
} from '../../../src/arbiter/succession-messages.js'

const messages: readonly SuccessionMessage[] = [
  { type: 'beside', windowMs: 5_000 },
  { type: 'failed', reason: 'a worker exited with code 11' },
  { type: 'serving' },
]

test.each(messages)('the one before reads what a new arbiter writes: $type', message => {
  expect(readSuccession(writeSuccession(message))).toEqual(message)
})

test('arbiters of other versions are understood in what they share', () => {
  expect(writeSuccession({ type: 'serving' })).toBe('tunicorn:serving')
})

test.each([
  'ready',
  'tunicorn:',
  'tunicorn:soon',
  'tunicorn:{}',
  'tunicorn:{"type":"beside"}',
  'tunicorn:{"type":"later","windowMs":1}',
  { type: 'serving' },
  undefined,
])('anything else is ignored: %j', text => {
  expect(readSuccession(text)).toBeUndefined()
})
