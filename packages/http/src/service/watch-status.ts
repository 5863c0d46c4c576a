/** The status that an app answers an upgrade with, which it writes to the socket itself. */
import type { Duplex } from 'node:stream'

/** Calls `found` with the status of the first response that is written to the socket, if that is one. */
export function watchStatus(socket: Duplex, found: (status: number) => void): void {
  const { write, end } = socket
  const look = (chunk: unknown): void => {
    if (!isText(chunk) || chunk.length === 0) return
    // The app may have put its own in their place meanwhile.
    if (socket.write === watchedWrite) socket.write = write
    if (socket.end === watchedEnd) socket.end = end
    const status = statusOf(chunk)
    if (status !== undefined) found(status)
  }
  const watchedWrite = (...args: unknown[]): boolean => {
    look(args[0])
    return Reflect.apply(write, socket, args)
  }
  const watchedEnd = (...args: unknown[]): Duplex => {
    look(args[0])
    return Reflect.apply(end, socket, args)
  }
  socket.write = watchedWrite
  socket.end = watchedEnd
}

const headLength = 'HTTP/1.1 101'.length

function statusOf(chunk: string | Uint8Array): number | undefined {
  const head =
    typeof chunk === 'string' ? chunk.slice(0, headLength) : Buffer.from(chunk.subarray(0, headLength))
  const status = /^HTTP\/1\.\d (\d{3})/.exec(head.toString('latin1'))?.[1]
  return status === undefined ? undefined : Number(status)
}

function isText(chunk: unknown): chunk is string | Uint8Array {
  return typeof chunk === 'string' || chunk instanceof Uint8Array
}
