/**
 * The queues of listening TCP sockets, as the kernel shows them in `/proc/net/tcp`. Unix sockets show no queue there, and
 * the interface that does (`sock_diag`) cannot be reached from Node.
 */
import { open } from 'node:fs/promises'

/** State of a socket that listens. */
const listening = '0A'
const chunkBytes = 65_536
/** More than any table of listening sockets; a kernel that lists them elsewhere must not cost more. */
const maxBytes = 4 * 1_048_576

interface TcpListener {
  readonly inode: number
  /** Connections that wait to be accepted. */
  readonly queue: number
}

export interface TcpTable {
  readonly listeners: readonly TcpListener[]
  /** The table goes on with sockets that do not listen: all that do came before. */
  readonly isComplete: boolean
}

/** Reads the lines of a table, complete ones, from its heading or from any later line. */
export function parseTcpTable(text: string): TcpTable {
  const listeners: TcpListener[] = []
  for (const line of text.split('\n')) {
    const [number = '', , , state, queues = '', , , , , inode = ''] = line.trim().split(/\s+/)
    if (!number.endsWith(':')) continue
    if (state !== listening) return { listeners, isComplete: true }
    // `tx_queue:rx_queue`; for a socket that listens the latter is the length of its queue.
    listeners.push({ inode: Number(inode), queue: Number.parseInt(queues.split(':')[1] ?? '', 16) })
  }
  return { listeners, isComplete: false }
}

/**
 * The queues of these sockets, by inode, of those that listen. Reads no further than it has to: the table may hold a
 * hundred thousand connections, and those that listen come first. Empty where there is no such table.
 */
export async function readTcpQueues(
  path: string,
  inodes: ReadonlySet<number>,
): Promise<ReadonlyMap<number, number>> {
  const found = new Map<number, number>()
  if (inodes.size === 0) return found
  try {
    await using file = await open(path)
    const buffer = Buffer.alloc(chunkBytes)
    let rest = ''
    for (let total = 0; total < maxBytes; ) {
      const { bytesRead } = await file.read(buffer, 0, chunkBytes)
      total += bytesRead
      const text = rest + buffer.toString('latin1', 0, bytesRead)
      const end = text.lastIndexOf('\n') + 1
      rest = text.slice(end)
      const { listeners, isComplete } = parseTcpTable(text.slice(0, end))
      for (const { inode, queue } of listeners) if (inodes.has(inode)) found.set(inode, queue)
      if (bytesRead === 0 || isComplete || found.size === inodes.size) break
    }
  } catch {
    // macOS, or a container that hides it.
  }
  return found
}
