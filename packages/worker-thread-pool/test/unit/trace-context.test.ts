import { propagation } from '@opentelemetry/api'
import { afterEach, expect, test } from 'vitest'
import { traceContext } from '../../src/pool/trace-context.js'

afterEach(() => propagation.disable())

test('without a tracer there is no context to carry', async () => {
  expect(await traceContext()).toBeUndefined()
})

test('the fields of the active context take the place of those of the client, whatever their case, and of no others', async () => {
  propagation.setGlobalPropagator({
    inject: (_, carrier, setter) => {
      setter.set(carrier, 'traceparent', 'ours')
      setter.set(carrier, 'baggage', 'b')
    },
    extract: active => active,
    fields: () => ['traceparent', 'baggage'],
  })
  const withContext = await traceContext()
  const fields = ['Host', 'x', 'TraceParent', 'theirs', 'constructor', 'y', 'accept', 'traceparent']
  expect(withContext?.(fields)).toEqual([
    ...['Host', 'x', 'constructor', 'y', 'accept', 'traceparent'],
    ...['traceparent', 'ours', 'baggage', 'b'],
  ])
})
