/**
 * Captures what the app prints, for the arbiter to read. When the process exits, Node's own stream for a pipe loses what it has
 * not written; this one writes everything at once. The arbiter reads without pausing, and drops what exceeds its limit.
 */
import { writeSync } from 'node:fs'
import { Writable } from 'node:stream'
import type { OutputName } from '../protocol/messages.js'

const pauseMs = 5

/** Replaces `process.stdout` or `process.stderr`, and so also what `console` writes to. */
export function captureOutput(name: OutputName): void {
  const fd = name === 'stdout' ? 1 : 2
  const stream = new Writable({
    decodeStrings: true,
    write(chunk: Buffer, _encoding, done) {
      writeAll(fd, chunk)
      done()
    },
  })
  Object.assign(stream, { fd, isTTY: false })
  Object.defineProperty(process, name, { value: stream, configurable: true, enumerable: true })
}

function writeAll(fd: number, bytes: Buffer): void {
  const pause = new Int32Array(new SharedArrayBuffer(4))
  let rest = bytes
  while (rest.length > 0) {
    const count = writeOnce(fd, rest)
    if (count === 'gone') return
    if (count === 'full') Atomics.wait(pause, 0, 0, pauseMs)
    else rest = rest.subarray(count)
  }
}

function writeOnce(fd: number, bytes: Buffer): number | 'full' | 'gone' {
  try {
    return writeSync(fd, bytes)
  } catch (error) {
    // A preloaded module may have made the pipe non-blocking. The only other failure to expect is the end of the arbiter.
    return error instanceof Error && 'code' in error && error.code === 'EAGAIN' ? 'full' : 'gone'
  }
}
