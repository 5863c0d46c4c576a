import { expect, it } from 'vitest'
import { SendableFields } from '../../src/runtime/sendable-fields.js'

it('takes tokens as names and Latin-1 text as values, each time again', () => {
  const fields = new SendableFields()
  for (const value of ['text/plain', 'text/html', 'text/plain', 'caf\u00e9', '', 'x'.repeat(1000)])
    expect(fields.has('content-type', value)).toBe(true)
})

it('refuses what cannot be sent, also when the name or the value was right before', () => {
  const fields = new SendableFields()
  expect(fields.has('x-one', 'right')).toBe(true)
  for (const value of ['right\r\nx-two: 2', 'wrong\u0000', '\u20ac']) {
    expect(fields.has('x-one', value)).toBe(false)
    expect(fields.has('x-one', value)).toBe(false)
  }
  for (const name of ['x one', 'x-one:', '', 'right\n']) expect(fields.has(name, 'right')).toBe(false)
  expect(fields.has('x-one', 'right')).toBe(true)
})

it('goes on when there are more names than it remembers', () => {
  const fields = new SendableFields()
  for (let index = 0; index < 300; index += 1) expect(fields.has(`x-${index}`, 'right')).toBe(true)
  expect(fields.has('x-299', 'wrong\n')).toBe(false)
  expect(fields.has('x-299', 'right')).toBe(true)
})
