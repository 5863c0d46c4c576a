/**
 * What the app prints, when the arbiter reads it. Node's own stream for a pipe forgets what it has not written when the
 * process exits; this one has always written everything. The arbiter reads without a pause, and drops what is too much.
 */
import { writeSync } from 'node:fs'
import { Writable } from 'node:stream'
import type { OutputName } from '../protocol/messages.js'

const pauseMs = 5

/** Takes the place of `process.stdout` or `process.stderr`, and so of what `console` writes to. */
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
    // A module that was preloaded may have made it one that does not wait. Nothing else is expected but the arbiter's end.
    return error instanceof Error && 'code' in error && error.code === 'EAGAIN' ? 'full' : 'gone'
  }
}
