import { expect, test } from 'vitest'
import { parseOpenFiles, roomFor } from '../../../src/config/connection-room.js'

test.each([
  [1000, 1024, 921],
  [1000, 4096, 1000],
  [1000, 256, 192],
  [1000, 40, 1],
  [0, 1024, 921],
  [0, 1_048_576, 943_718],
  [1000, undefined, 1000],
  [0, undefined, 0],
])('of %i connections, %s open files leave room for %i', (wanted, openFiles, room) => {
  expect(roomFor(wanted, openFiles)).toBe(room)
})

test('the limit is the one that holds, and none is no limit', () => {
  const limits = (value: string): string =>
    `Limit                     Soft Limit           Hard Limit           Units     \nMax open files            ${value}                 524288               files     \n`
  expect(parseOpenFiles(limits('1024'))).toBe(1024)
  expect(parseOpenFiles(limits('unlimited'))).toBeUndefined()
  expect(parseOpenFiles('')).toBeUndefined()
})
