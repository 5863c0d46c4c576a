/**
 * Writes whole lines without ever waiting for their reader, or for a disk. Lines that have not been taken yet are kept, up to a
 * limit. Lines beyond it, or lines that cannot be written at all, are dropped and counted.
 *
 * For a pipe, a terminal or a socket, the kernel reports that it is full. For a file it never does: it makes the writer wait, on
 * a disk that hangs forever. So a file is written in Node's thread pool, one piece at a time.
 */
import { write, writeSync } from 'node:fs'
import { countLines, LineQueue } from './line-queue.js'
import type { OutputTarget } from './output-target.js'

export interface LineOutputEvents {
  /** Lines are being dropped from now on. Called once until `recovered`. */
  failed(error: Error): void
  /** Lines arrive again. */
  recovered(droppedLines: number): void
}

/** The kernel writes this much to a pipe in one piece, not interleaved with the pieces of other processes. */
const atomicBytes = 4_096
const keptBytes = 1_048_576
const retryMs = 50
/** How long a target that is being replaced has to take the earlier lines. */
const replacedWaitMs = 1_000
const newline = 10

export class LineOutput {
  readonly #events: LineOutputEvents
  #target: OutputTarget
  readonly #queue = new LineQueue()
  /** Lines that were added after a reopening began. They go to the new target. */
  #held: LineQueue | undefined
  /** When the current write of the queue's head began. */
  #writingSince: number | undefined
  #dropped = 0
  #isFailing = false
  /** Part of a line was written, and the rest is lost. */
  #isTorn = false
  #timer: NodeJS.Timeout | undefined
  #isClosed = false
  /** Never rejects. */
  #reopened: Promise<void> = Promise.resolve()
  #reopenings = 0
  #whenEmpty: (() => void)[] = []

  constructor(target: OutputTarget, events: LineOutputEvents) {
    this.#target = target
    this.#events = events
  }

  /** `lines` must end with a newline. */
  write(lines: string | Buffer): void {
    if (this.#isClosed) return
    const bytes = typeof lines === 'string' ? Buffer.from(lines) : lines
    const waiting = this.#queue.bytes + (this.#held?.bytes ?? 0)
    if (waiting > 0 && waiting + bytes.length > keptBytes) return this.#drop(countLines(bytes), this.#slow())
    if (this.#held) return this.#held.add(bytes)
    if (waiting === 0) this.#endTornLine()
    this.#queue.add(bytes)
    if (waiting === 0) this.#push()
  }

  /**
   * Switches to the target that `open` resolves with, and keeps lines for it until then. Earlier lines go to the old target,
   * unless it does not take them within a second. A second call waits for the first.
   *
   * @throws what `open` throws; the old target stays in use
   */
  reopen(open: () => Promise<OutputTarget>): Promise<void> {
    this.#held ??= new LineQueue()
    this.#reopenings += 1
    const reopened = this.#reopened.then(() => this.#reopen(open))
    this.#reopened = reopened.catch(() => {})
    return reopened
  }

  /** Waits until everything is written, for at most `waitMs`. */
  async settled(waitMs: number): Promise<void> {
    const end = performance.now() + waitMs
    await atMost(waitMs, this.#reopened)
    await atMost(end - performance.now(), this.#empty())
  }

  /**
   * Writes what is waiting, for at most `waitMs`, and blocks the event loop meanwhile. For the end of a process, which itself
   * waits for a write that a thread has already begun.
   *
   * @returns how many lines are lost and have not been reported
   */
  finish(waitMs: number): number {
    const end = performance.now() + waitMs
    clearTimeout(this.#timer)
    if (this.#held) this.#queue.take(this.#held)
    this.#held = undefined
    if (this.#writingSince !== undefined) {
      // On a disk that hangs, a write from here would hang too.
      if (performance.now() - this.#writingSince >= waitMs) return this.#dropped + this.#queue.lines
      this.#queue.remove(this.#queue.head.length)
      this.#writingSince = undefined
    }
    this.#pushNow()
    const pause = new Int32Array(new SharedArrayBuffer(4))
    while (this.#queue.bytes > 0 && performance.now() < end) {
      Atomics.wait(pause, 0, 0, 5)
      this.#pushNow()
    }
    return this.#dropped + this.#queue.lines
  }

  /** Waits as {@link settled} does, and then writes nothing more. Idempotent. */
  async close(waitMs: number): Promise<void> {
    if (this.#isClosed) return
    await this.settled(waitMs)
    if (this.#isClosed) return
    const isWriting = this.#writingSince !== undefined
    this.finish(0)
    clearTimeout(this.#timer)
    this.#isClosed = true
    if (!isWriting) this.#target.close()
  }

  #push(): void {
    if (this.#target.isFile) this.#writeLater()
    else this.#pushNow()
  }

  #pushNow(): void {
    if (this.#queue.bytes === 0) return
    while (this.#queue.bytes > 0) {
      const { head } = this.#queue
      const outcome = this.#writeOnce(this.#target.isPipe ? firstPiece(head) : head)
      if (outcome === 'full') return this.#retryLater()
      if (typeof outcome !== 'number') return this.#abandon(outcome)
      this.#written(outcome)
    }
    this.#emptied()
  }

  #writeOnce(piece: Buffer): number | 'full' | Error {
    try {
      return writeSync(this.#target.fd, piece)
    } catch (cause) {
      const error = cause instanceof Error ? cause : new Error(String(cause))
      return 'code' in error && error.code === 'EAGAIN' ? 'full' : error
    }
  }

  #writeLater(): void {
    if (this.#writingSince !== undefined || this.#queue.bytes === 0) return
    this.#writingSince = performance.now()
    const target = this.#target
    const { head } = this.#queue
    write(target.fd, head, (error, count) => {
      if (target !== this.#target) return this.#writtenToReplaced(target, head, error ?? count)
      if (this.#isClosed) return target.close()
      this.#writingSince = undefined
      if (error) return this.#abandon(error)
      this.#written(count)
      if (this.#queue.bytes > 0) this.#writeLater()
      else this.#emptied()
    })
  }

  #writtenToReplaced(target: OutputTarget, piece: Buffer, outcome: number | Error): void {
    if (typeof outcome !== 'number') this.#drop(countLines(piece), outcome)
    if (typeof outcome !== 'number' || outcome === piece.length) return target.close()
    const rest = piece.subarray(outcome)
    write(target.fd, rest, (error, count) => this.#writtenToReplaced(target, rest, error ?? count))
  }

  #written(count: number): void {
    this.#isTorn = this.#queue.head[count - 1] !== newline
    this.#queue.remove(count)
  }

  #emptied(): void {
    if (this.#isFailing) {
      this.#isFailing = false
      const dropped = this.#dropped
      this.#dropped = 0
      this.#events.recovered(dropped)
    }
    if (this.#queue.bytes === 0) this.#tellEmpty()
  }

  /** A disk may stay full for hours. Nobody knows when there will be room, so the lines are not kept. */
  #abandon(error: Error): void {
    const { lines } = this.#queue
    this.#queue.clear()
    this.#drop(lines, error)
    this.#tellEmpty()
  }

  #drop(lines: number, error: Error): void {
    this.#dropped += lines
    if (this.#isFailing) return
    this.#isFailing = true
    this.#events.failed(error)
  }

  #slow(): Error {
    return new Error(this.#target.isFile ? 'its disk does not keep up' : 'its reader is too slow')
  }

  #endTornLine(): void {
    if (this.#isTorn) this.#queue.add(Buffer.from('\n'))
  }

  async #reopen(open: () => Promise<OutputTarget>): Promise<void> {
    try {
      const target = await open()
      await atMost(replacedWaitMs, this.#empty())
      if (this.#isClosed) target.close()
      else this.#replace(target)
    } finally {
      this.#reopenings -= 1
      if (this.#reopenings === 0) this.#release()
    }
  }

  #replace(target: OutputTarget): void {
    const old = this.#target
    const isWriting = this.#writingSince !== undefined
    // That write cannot be cancelled. When it ends, it closes its own target.
    if (isWriting) this.#queue.remove(this.#queue.head.length)
    else old.close()
    this.#writingSince = undefined
    this.#target = target
    this.#isTorn = false
  }

  #release(): void {
    const held = this.#held
    this.#held = undefined
    if (this.#isClosed || !held) return
    if (this.#queue.bytes === 0 && held.bytes > 0) this.#endTornLine()
    this.#queue.take(held)
    this.#push()
  }

  #empty(): Promise<void> {
    if (this.#queue.bytes === 0) return Promise.resolve()
    return new Promise(resolve => {
      this.#whenEmpty.push(resolve)
    })
  }

  #tellEmpty(): void {
    for (const resolve of this.#whenEmpty.splice(0)) resolve()
  }

  #retryLater(): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#push(), retryMs).unref()
  }
}

function atMost(waitMs: number, promise: Promise<void>): Promise<void> {
  return new Promise(resolve => {
    const timer = setTimeout(resolve, waitMs)
    void promise.then(() => {
      clearTimeout(timer)
      resolve()
    })
  })
}

/** As many whole lines as can be written in one piece. A longer line comes alone. */
function firstPiece(bytes: Buffer): Buffer {
  if (bytes.length <= atomicBytes) return bytes
  const end = bytes.lastIndexOf(newline, atomicBytes - 1)
  const next = end === -1 ? bytes.indexOf(newline) : end
  return next === -1 ? bytes : bytes.subarray(0, next + 1)
}
