import { expect, test } from 'vitest'
import { parseFromHost } from '../../../src/protocol/guard.js'
import type { FromHost } from '../../../src/protocol/messages.js'
import { noRequests } from '../../../src/protocol/request-figures.js'
import { buildSample } from '../supervision/build-sample.js'

/** One of each: a message that is new has to be added here. */
const messages: { readonly [Type in FromHost['type']]: Extract<FromHost, { readonly type: Type }> } = {
  'awaiting-ready': { type: 'awaiting-ready' },
  broadcast: { type: 'broadcast', items: ['{"a":1}', 'null'], group: 'web' },
  booted: { type: 'booted' },
  'ask-address': { type: 'ask-address', asked: { host: 'localhost', port: 3000 } },
  serving: { type: 'serving' },
  heartbeat: { type: 'heartbeat', sample: buildSample({ eventLoopDelayP99Ms: 3, gauges: { waitMs: -1.5 } }) },
  retire: { type: 'retire', reason: 'max-requests: 40 requests served' },
  leaving: { type: 'leaving', reason: 'max-requests: 1 request served', ended: noRequests },
  examined: { type: 'examined', file: '/tmp/a/evidence', problem: 'ENOSPC' },
  inspected: {
    type: 'inspected',
    inspector: { url: 'ws://127.0.0.1:9229/a', isAppElsewhere: false, requestsLeft: 3 },
    problem: 'in use',
  },
  drained: { type: 'drained', ended: noRequests },
  'boot-failed': { type: 'boot-failed', code: 'APP_LOAD_FAILED', message: 'The app threw' },
}

test.each(Object.values(messages))('takes the message `$type` as a host sends it', message => {
  expect(parseFromHost(message)).toEqual(message)
})

test('refuses a message of the arbiter, and what is none', () => {
  for (const message of [{ type: 'handle', index: 0 }, { type: 'serve' }, {}, null, 'booted'])
    expect(parseFromHost(message)).toBeUndefined()
})

const wrong: readonly (readonly [string, unknown])[] = [
  ['too few classes', { ...noRequests, codes: [1] }],
  ['too many buckets', { ...noRequests, latency: [...noRequests.latency, 1] }],
  ['a negative count', { ...noRequests, codes: noRequests.codes.map(() => -1) }],
  ['a count that is no number', { ...noRequests, codes: noRequests.codes.map(() => '1') }],
  ['an endless sum', { ...noRequests, latencySumMs: Number.POSITIVE_INFINITY }],
]

test('takes a heartbeat that leaves out how requests have ended, and no last message that does', () => {
  const { ended: _, ...sample } = buildSample()
  expect(parseFromHost({ type: 'heartbeat', sample })).toEqual({ type: 'heartbeat', sample })
  expect(parseFromHost({ type: 'drained' })).toBeUndefined()
})

for (const [what, ended] of wrong)
  test(`refuses figures with ${what}`, () => {
    expect(parseFromHost({ type: 'drained', ended })).toBeUndefined()
    expect(parseFromHost({ type: 'heartbeat', sample: { ...buildSample(), ended } })).toBeUndefined()
  })

test.each([
  ['a name that is not camelCase', { 'queue length': 1 }],
  ['a name that is too long', { ['a'.repeat(51)]: 1 }],
  ['an endless value', { waitMs: Number.POSITIVE_INFINITY }],
  ['a text', { waitMs: '1' }],
  ['more than 32', Object.fromEntries(Array.from({ length: 33 }, (_, index) => [`gauge${index}`, 1]))],
  ['nothing', null],
])('refuses gauges with %s', (_what, gauges) => {
  expect(parseFromHost({ type: 'heartbeat', sample: { ...buildSample(), gauges } })).toBeUndefined()
})
