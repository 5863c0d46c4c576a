import { expect, test } from 'vitest'
import { joined } from '../../src/app/lazy-fields.js'

test('a field that is called as a property of every object has its own value', () => {
  expect(joined(['Constructor', 'x', 'toString', 'y', 'toString', 'z'])).toEqual({
    constructor: 'x',
    tostring: 'y, z',
  })
})
