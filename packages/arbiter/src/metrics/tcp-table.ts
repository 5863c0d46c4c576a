/**
 * The queues of listening TCP sockets, as the kernel shows them in `/proc/net/tcp`. Unix sockets have no queue there, and the
 * interface that shows it (`sock_diag`) cannot be reached from Node.
 */
import { open } from 'node:fs/promises'

/** The state of a listening socket. */
const listening = '0A'
const chunkBytes = 65_536
/** Larger than any table of listening sockets. This bounds the cost on a kernel that does not list them first. */
const maxBytes = 4 * 1_048_576

interface TcpListener {
  readonly inode: number
  /** Connections that are waiting to be accepted. */
  readonly queue: number
}

export interface TcpTable {
  readonly listeners: readonly TcpListener[]
  /** A socket that does not listen was found. All that listen come before it. */
  readonly isComplete: boolean
}

/** Reads complete lines of a table, starting at its heading or at any later line. */
export function parseTcpTable(text: string): TcpTable {
  const listeners: TcpListener[] = []
  for (const line of text.split('\n')) {
    const [number = '', , , state, queues = '', , , , , inode = ''] = line.trim().split(/\s+/)
    if (!number.endsWith(':')) continue
    if (state !== listening) return { listeners, isComplete: true }
    // `tx_queue:rx_queue`; for a listening socket the latter is the length of its queue.
    listeners.push({ inode: Number(inode), queue: Number.parseInt(queues.split(':')[1] ?? '', 16) })
  }
  return { listeners, isComplete: false }
}

/**
 * The queues of those of these sockets that listen, by inode. Reads no further than necessary: the table may hold a hundred
 * thousand connections, and listening sockets come first. Empty where there is no such table.
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
    // macOS, or a container that hides the table.
  }
  return found
}
