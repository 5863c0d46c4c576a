/** What the kernel reports about the sockets that workers accept from. Only on Linux; absent elsewhere. */
import { readFile } from 'node:fs/promises'
import type { BoundSocket } from '../sockets/bind.js'
import { statDescriptor } from '../stat-special.js'
import type { MetricValue, MetricValues } from './metric-value.js'
import { readTcpQueues } from './tcp-table.js'

export async function listenFigures(sockets: readonly BoundSocket[]): Promise<MetricValues> {
  const [queues, overflows] = await Promise.all([readQueues(sockets), readOverflows()])
  return {
    tunicorn_listen_queue: queues,
    ...(overflows !== undefined && {
      tunicorn_listen_overflows_total: [{ labels: { scope: 'network-namespace' }, value: overflows }],
    }),
  }
}

async function readQueues(sockets: readonly BoundSocket[]): Promise<readonly MetricValue[]> {
  const binds = new Map(
    sockets.flatMap(({ address, handle }) => {
      if (typeof address === 'string') return []
      const host = address.family === 'IPv6' ? `[${address.address}]` : address.address
      const inode = inodeOf(handle.fd)
      return inode === undefined ? [] : [[inode, `${host}:${address.port}`] as const]
    }),
  )
  const inodes = new Set(binds.keys())
  const tables = await Promise.all([
    readTcpQueues('/proc/net/tcp', inodes),
    readTcpQueues('/proc/net/tcp6', inodes),
  ])
  const queues = new Map(tables.flatMap(table => [...table]))
  return [...binds].flatMap(([inode, bind]) => {
    const value = queues.get(inode)
    return value === undefined ? [] : [{ labels: { bind }, value }]
  })
}

function inodeOf(fd: number): number | undefined {
  try {
    return Number(statDescriptor(fd).ino)
  } catch {
    // The socket is closed, because the server stops.
    return undefined
  }
}

async function readOverflows(): Promise<number | undefined> {
  try {
    return parseListenOverflows(await readFile('/proc/net/netstat', 'utf8'))
  } catch {
    return undefined
  }
}

/** `ListenOverflows` in the text of `/proc/net/netstat`: a line of names, then a line of values. */
export function parseListenOverflows(text: string): number | undefined {
  const [names = [], values = []] = text
    .split('\n')
    .filter(line => line.startsWith('TcpExt:'))
    .map(line => line.split(/\s+/))
  const value = values[names.indexOf('ListenOverflows')]
  return value === undefined || !/^\d+$/.test(value) ? undefined : Number(value)
}
