/** Waits until the last bytes of a connection are flushed before it is cut. */
import type { Duplex } from 'node:stream'

/** How long they may take to reach the kernel if a client does not read. */
const flushTimeoutMs = 1000

/** Resolves when what was written has reached the kernel, or cannot. */
export function flushed(socket: Duplex): Promise<void> {
  return new Promise(resolve => {
    const timer = setTimeout(resolve, flushTimeoutMs)
    socket.write('', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}
