/** The head of the response to an upgrade, which the app itself writes to the socket. */
import type { Duplex } from 'node:stream'

/** A line to add to that head, including its line end. */
export interface HeadLine {
  /** The name of its field, in lower case. */
  readonly name: string
  readonly text: string
}

/**
 * If the first write to the socket begins a response, calls `found` with its status. If its head is written in one piece, as
 * is usual, and does not have the field of `line`, `line` is added to it.
 */
export function watchHead(socket: Duplex, found: (status: number) => void, line?: HeadLine): void {
  const { write, end } = socket
  const look = (chunk: unknown): unknown => {
    if (!isText(chunk) || chunk.length === 0) return chunk
    // The app may have replaced them meanwhile.
    if (socket.write === watchedWrite) socket.write = write
    if (socket.end === watchedEnd) socket.end = end
    const status = statusOf(chunk)
    if (status === undefined) return chunk
    found(status)
    return line === undefined ? chunk : withLine(chunk, line)
  }
  const watchedWrite = (chunk: unknown, ...rest: unknown[]): boolean =>
    Reflect.apply(write, socket, [look(chunk), ...rest])
  const watchedEnd = (chunk: unknown, ...rest: unknown[]): Duplex =>
    Reflect.apply(end, socket, [look(chunk), ...rest])
  socket.write = watchedWrite
  socket.end = watchedEnd
}

const headLength = 'HTTP/1.1 101'.length
const headEnd = '\r\n\r\n'

function statusOf(chunk: string | Uint8Array): number | undefined {
  const head =
    typeof chunk === 'string' ? chunk.slice(0, headLength) : Buffer.from(chunk.subarray(0, headLength))
  const status = /^HTTP\/1\.\d (\d{3})/.exec(head.toString('latin1'))?.[1]
  return status === undefined ? undefined : Number(status)
}

/** In latin1 every byte is a character, so what follows the head stays as it is. */
function withLine(chunk: string | Uint8Array, { name, text }: HeadLine): string | Uint8Array {
  if (typeof chunk !== 'string') {
    const written = Buffer.from(chunk).toString('latin1')
    const placed = placeLine(written, name, text)
    return placed === written ? chunk : Buffer.from(placed, 'latin1')
  }
  return placeLine(chunk, name, text)
}

/** Inserted after the status line. */
function placeLine(written: string, name: string, text: string): string {
  const end = written.indexOf(headEnd)
  if (end === -1 || written.slice(0, end).toLowerCase().includes(`\r\n${name}:`)) return written
  const at = written.indexOf('\r\n') + '\r\n'.length
  return written.slice(0, at) + text + written.slice(at)
}

function isText(chunk: unknown): chunk is string | Uint8Array {
  return typeof chunk === 'string' || chunk instanceof Uint8Array
}
