import { executionAsyncResource } from 'node:async_hooks'
import { setFlagsFromString } from 'node:v8'
import { runInThisContext } from 'node:vm'
import { expect, test } from 'vitest'
import { keepTickShape, tickSymbol } from '../../../src/host/keep-tick-shape.js'

/** The shape as V8 has it, which no other comparison tells. */
function haveSameShape(): (one: unknown, other: unknown) => boolean {
  setFlagsFromString('--allow-natives-syntax')
  return runInThisContext('(one, other) => %HaveSameMap(one, other)')
}

test('an object with the shape of those that later ticks make stays alive', async () => {
  keepTickShape()
  const later = await new Promise(resolve => {
    process.nextTick(() => process.nextTick(() => resolve(executionAsyncResource())))
  })
  const kept: unknown = Reflect.get(globalThis, Symbol.for(tickSymbol))
  expect(kept).not.toBe(later)
  expect(haveSameShape()(kept, later)).toBe(true)
})
