/** What the kernel knows about Unix sockets. Node cannot read the address of one, and connecting finds only servers that accept. */
import { readFileSync } from 'node:fs'
import { statDescriptor } from '../stat-special.js'

/** A Unix socket that has a path. */
export interface UnixSocket {
  readonly inode: number
  readonly path: string
}

/** Reads the text of `/proc/net/unix`: seven columns, then the path, which may contain spaces. */
export function parseUnixTable(text: string): readonly UnixSocket[] {
  return text.split('\n').flatMap(line => {
    const [, inode, path] = /^(?:\S+\s+){6}(\d+) (\/.*)$/.exec(line) ?? []
    return inode === undefined || path === undefined ? [] : [{ inode: Number(inode), path }]
  })
}

/**
 * Whether a socket is bound to the path, even if nobody listens on it yet. False where there is no such table
 * (macOS), and for a socket in another network namespace.
 */
export function isBound(path: string): boolean {
  return readUnixTable().some(socket => socket.path === path)
}

/** The path that an open Unix socket is bound to, where the kernel reports it. */
export function pathOf(fd: number): string | undefined {
  const table = readUnixTable()
  if (table.length === 0) return undefined
  const own = Number(statDescriptor(fd).ino)
  return table.find(({ inode }) => inode === own)?.path
}

function readUnixTable(): readonly UnixSocket[] {
  try {
    return parseUnixTable(readFileSync('/proc/net/unix', 'utf8'))
  } catch {
    return []
  }
}
