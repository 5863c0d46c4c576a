import { expect, test } from 'vitest'
import { describeValue } from '../../src/describe-value.js'

const ring: Record<string, unknown> = {}
ring.self = ring

test.each([
  [undefined, '`undefined`'],
  [null, '`null`'],
  [-1, '`-1` (number)'],
  [10n, '`10` (bigint)'],
  ['a "b"', '`"a \\"b\\""` (string)'],
  ['x'.repeat(1_000_000), `\`"${'x'.repeat(79)}…\` (string)`],
  [[1, 'two'], "`[ 1, 'two' ]` (array)"],
  [{ a: { b: { c: 1 } } }, '`{ a: { b: [Object] } }` (object)'],
  [ring, '`<ref *1> { self: [Circular *1] }` (object)'],
  [Object.create(null), '`[Object: null prototype] {}` (object)'],
  [() => undefined, 'a function'],
])('a value is described with its type: %s', (value, text) => {
  expect(describeValue(value)).toBe(text)
})

test('a description runs no code of the value', () => {
  const refuse = (): never => {
    throw new Error('described by its own code')
  }
  const value = {
    get getter() {
      return refuse()
    },
    toJSON: refuse,
    toString: refuse,
  }
  expect(describeValue(value)).toMatch(/^`\{ getter: \[Getter\], toJSON: /)
})
