import { expect, test } from 'vitest'
import { parseUnixTable } from '../../../src/sockets/unix-table.js'

test('the table of the kernel gives inodes and paths, also paths with blanks, and no sockets without a path', () => {
  const text = `Num       RefCount Protocol Flags    Type St Inode Path
0000000000000000: 00000002 00000000 00010000 0001 01 12345 /run/app.sock
0000000000000000: 00000002 00000000 00000000 0002 01   678 /tmp/with a blank.sock
0000000000000000: 00000003 00000000 00000000 0001 03 91011
0000000000000000: 00000002 00000000 00010000 0001 01 121314 @abstract
`
  expect(parseUnixTable(text)).toEqual([
    { inode: 12345, path: '/run/app.sock' },
    { inode: 678, path: '/tmp/with a blank.sock' },
  ])
})
