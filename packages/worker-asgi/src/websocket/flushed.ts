/** Waits for the last words of a connection that is to be cut. */
import type { Duplex } from 'node:stream'

/** How long they may take to reach the kernel, when a client does not read. */
const flushTimeoutMs = 1000

/** Resolves when what was written is with the kernel, or cannot be. */
export function flushed(socket: Duplex): Promise<void> {
  return new Promise(resolve => {
    const timer = setTimeout(resolve, flushTimeoutMs)
    socket.write('', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}
