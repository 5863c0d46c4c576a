import { writeFile } from 'node:fs/promises'
import { temporaryDirectory } from '@tunicorn/harness'
import { describe, expect, it } from 'vitest'
import { parseListenOverflows } from '../../../src/metrics/listen-figures.js'
import { parseTcpTable, readTcpQueues } from '../../../src/metrics/tcp-table.js'

const heading =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n'

function row(number: number, state: string, queue: number, inode: number): string {
  const hex = queue.toString(16).toUpperCase().padStart(8, '0')
  return `${String(number).padStart(4)}: 0100007F:1F40 00000000:0000 ${state} 00000000:${hex} 00:00000000 00000000  1000        0 ${inode} 1 0000000000000000 100 0 0 10 0\n`
}

describe('the table of TCP sockets', () => {
  it('shows the queue of each socket that listens', () => {
    const text = heading + row(0, '0A', 0, 101) + row(1, '0A', 300, 102)
    expect(parseTcpTable(text)).toEqual({
      listeners: [
        { inode: 101, queue: 0 },
        { inode: 102, queue: 300 },
      ],
      isComplete: false,
    })
  })

  it('is complete at the first socket that does not listen', () => {
    const text = heading + row(0, '0A', 1, 101) + row(1, '01', 7, 102) + row(2, '0A', 9, 103)
    expect(parseTcpTable(text)).toEqual({ listeners: [{ inode: 101, queue: 1 }], isComplete: true })
  })

  it('tells the queues of the sockets that are asked for, of those only', async () => {
    await using directory = await temporaryDirectory()
    const path = `${directory.path}/tcp`
    await writeFile(path, heading + row(0, '0A', 1, 101) + row(1, '0A', 2, 102))
    expect(await readTcpQueues(path, new Set([102, 103]))).toEqual(new Map([[102, 2]]))
  })

  it('finds a socket after many others, and reads no further than those that listen', async () => {
    await using directory = await temporaryDirectory()
    const path = `${directory.path}/tcp`
    const many = Array.from({ length: 2_000 }, (_, index) => row(index, '0A', 5, index + 1)).join('')
    // What comes after the first connection would give the same inode another queue.
    await writeFile(path, heading + many + row(2_000, '01', 0, 9_000) + row(2_001, '0A', 9, 9_001))
    expect(await readTcpQueues(path, new Set([2_000, 9_001]))).toEqual(new Map([[2_000, 5]]))
  })

  it('is empty where there is none', async () => {
    expect(await readTcpQueues('/nowhere/tcp', new Set([1]))).toEqual(new Map())
  })
})

describe('the overflows of all queues', () => {
  it('are found by their name', () => {
    const text = 'TcpExt: SyncookiesSent ListenOverflows ListenDrops\nTcpExt: 1 22 333\nIpExt: A\nIpExt: 1\n'
    expect(parseListenOverflows(text)).toBe(22)
  })

  it.each([
    '',
    'TcpExt: A\nTcpExt: 1\n',
    'TcpExt: ListenOverflows\n',
    'TcpExt: ListenOverflows\nTcpExt: x\n',
  ])('are unknown where the kernel does not name them: %j', text => {
    expect(parseListenOverflows(text)).toBeUndefined()
  })
})
