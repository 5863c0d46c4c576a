import { expect, it } from 'vitest'
import { traceIdOf } from '../../../src/contract/trace-id.js'

const trace = '4bf92f3577b34da6a3ce929d0e0e4736'
const parent = '00f067aa0ba902b7'

it.each([
  ['of this version', `00-${trace}-${parent}-01`, trace],
  ['of a later version', `01-${trace}-${parent}-01`, trace],
  ['of a later version that says more', `cc-${trace}-${parent}-01-what-may-come`, trace],
  ['of this version that says more', `00-${trace}-${parent}-01-more`, undefined],
  ['of the version that is forbidden', `ff-${trace}-${parent}-01`, undefined],
  ['without a trace', `00-${'0'.repeat(32)}-${parent}-01`, undefined],
  ['without a parent', `00-${trace}-${'0'.repeat(16)}-01`, undefined],
  ['in upper case', `00-${trace.toUpperCase()}-${parent}-01`, undefined],
  ['of several', `00-${trace}-${parent}-01, 00-${trace}-${parent}-01`, undefined],
  ['that is missing', undefined, undefined],
])('the trace id of a traceparent %s', (_what, field, expected) => {
  expect(traceIdOf({ header: name => (name === 'traceparent' ? field : undefined) })).toBe(expected)
  expect(traceIdOf({})).toBeUndefined()
})
