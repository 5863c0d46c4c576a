/**
 * Writes whole lines without ever waiting for whoever reads them. What a slow reader has not taken yet is kept, up to a
 * limit; what is beyond it, or cannot be written at all, is dropped and counted.
 */
import { writeSync } from 'node:fs'
import type { OutputTarget } from './output-target.js'

export interface LineOutputEvents {
  /** Lines are being dropped from now on. Said once until `recovered`. */
  failed(error: Error): void
  /** Lines arrive again. */
  recovered(droppedLines: number): void
}

/** What the kernel writes to a pipe in one piece, between the pieces of other processes. */
const atomicBytes = 4_096
const keptBytes = 1_048_576
const retryMs = 50
const newline = 10

const nothing: Buffer = Buffer.alloc(0)

export class LineOutput {
  readonly #events: LineOutputEvents
  #target: OutputTarget
  #waiting: Buffer = nothing
  #dropped = 0
  #isFailing = false
  /** Part of a line was written, and its end is lost. */
  #isTorn = false
  #timer: NodeJS.Timeout | undefined
  #isClosed = false

  constructor(target: OutputTarget, events: LineOutputEvents) {
    this.#target = target
    this.#events = events
  }

  /** `lines` ends with a newline. */
  write(lines: string): void {
    if (this.#isClosed) return
    const bytes = Buffer.from(lines)
    if (this.#waiting.length > 0) return this.#keep(bytes)
    this.#waiting = this.#isTorn ? Buffer.concat([Buffer.from('\n'), bytes]) : bytes
    this.#push()
  }

  /** Writes to another target from now on. What waits for the old one's reader goes there too. */
  replace(target: OutputTarget): void {
    this.#push()
    this.#target.close()
    this.#target = target
    this.#isTorn = false
    this.#push()
  }

  /**
   * Writes what waits, for at most `waitMs`; the event loop stands still meanwhile. For the end of a process.
   *
   * @returns how many lines are lost and were not told of
   */
  finish(waitMs: number): number {
    const end = performance.now() + waitMs
    this.#push()
    const pause = new Int32Array(new SharedArrayBuffer(4))
    while (this.#waiting.length > 0 && performance.now() < end) {
      Atomics.wait(pause, 0, 0, 5)
      this.#push()
    }
    clearTimeout(this.#timer)
    return this.#dropped + countLines(this.#waiting)
  }

  /** Finishes, and writes nothing any more. Idempotent. */
  close(waitMs: number): void {
    if (this.#isClosed) return
    this.finish(waitMs)
    this.#isClosed = true
    this.#target.close()
  }

  #keep(bytes: Buffer): void {
    if (this.#waiting.length + bytes.length <= keptBytes)
      this.#waiting = Buffer.concat([this.#waiting, bytes])
    else this.#drop(bytes, new Error('its reader is too slow'))
  }

  #push(): void {
    if (this.#waiting.length === 0) return
    while (this.#waiting.length > 0) {
      const piece = this.#target.isPipe ? firstPiece(this.#waiting) : this.#waiting
      const outcome = this.#writeOnce(piece)
      if (outcome === 'full') return this.#retryLater()
      if (typeof outcome !== 'number') return this.#abandon(outcome)
      this.#isTorn = this.#waiting[outcome - 1] !== newline
      this.#waiting = this.#waiting.subarray(outcome)
    }
    this.#waiting = nothing
    if (!this.#isFailing) return
    this.#isFailing = false
    const dropped = this.#dropped
    this.#dropped = 0
    this.#events.recovered(dropped)
  }

  #writeOnce(piece: Buffer): number | 'full' | Error {
    try {
      return writeSync(this.#target.fd, piece)
    } catch (cause) {
      const error = cause instanceof Error ? cause : new Error(String(cause))
      return 'code' in error && error.code === 'EAGAIN' ? 'full' : error
    }
  }

  /** Nobody knows when there will be room, so the lines are not kept: a disk stays full for hours. */
  #abandon(error: Error): void {
    const lost = this.#waiting
    this.#waiting = nothing
    this.#drop(lost, error)
  }

  #drop(lost: Buffer, error: Error): void {
    this.#dropped += countLines(lost)
    if (this.#isFailing) return
    this.#isFailing = true
    this.#events.failed(error)
  }

  #retryLater(): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#push(), retryMs).unref()
  }
}

function countLines(bytes: Buffer): number {
  let count = 0
  for (const byte of bytes) if (byte === newline) count += 1
  return count
}

/** As many whole lines as are written in one piece; a longer line comes alone. */
function firstPiece(bytes: Buffer): Buffer {
  if (bytes.length <= atomicBytes) return bytes
  const end = bytes.lastIndexOf(newline, atomicBytes - 1)
  const next = end === -1 ? bytes.indexOf(newline) : end
  return next === -1 ? bytes : bytes.subarray(0, next + 1)
}
