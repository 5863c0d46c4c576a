/**
 * Records each request where the watchdog can see it, and the first few of each moment in a file that outlives the process. This
 * is on the path of every request. Most requests end before the watchdog looks, and cost no system call.
 */
import { writeSync } from 'node:fs'
import type { RequestHead } from '../contract/request.js'
import { headerAt, recordBytes, slotAt, slotBytes, slotCount } from '../protocol/flight-record.js'

/** Flags in a slot's state, below the count of its uses: in use, and written to the file. */
export const busy = 1
export const recorded = 2
const useStep = 4

/** How many requests per moment are written to the file as soon as they begin. Each takes two writes: 0.7 % of a busy processor. */
const momentMs = 50
const perMoment = 25

const space = 32
/** The maximum length of an id. The rest of the room is for the beginning of the target. */
const maxIdBytes = 200

export class FlightRecorder {
  readonly shared: SharedArrayBuffer = new SharedArrayBuffer(recordBytes)
  readonly fd: number
  readonly #bytes = new Uint8Array(this.shared)
  readonly #words = new Int32Array(this.shared)
  readonly #times = new Float64Array(this.shared)
  /** The slot that was used last is reused first, so that few slots are ever touched. */
  readonly #free: number[] = []
  readonly #zero = new Uint8Array(4)
  #uses = 0
  #momentAtMs = 0
  #left = perMoment
  readonly #originMs = performance.timeOrigin

  /** `fd`: the descriptor of the file. */
  constructor(fd: number) {
    this.fd = fd
  }

  /** Returns the slot of the request, or 0 when none is free. */
  begin({ method, target, id }: RequestHead, startedAtMs: number): number {
    const slot = this.#take()
    if (slot === 0) return 0
    const at = slot * slotBytes
    const start = at + slotAt.text
    const idEnd = id === undefined ? start : this.#copy(id, start, maxIdBytes)
    const methodEnd = this.#copy(method, idEnd, at + slotBytes - idEnd - 1)
    this.#bytes[methodEnd] = space
    const end = this.#copy(target, methodEnd + 1, at + slotBytes - methodEnd - 1)
    // Both lengths share one word.
    this.#words[(at + slotAt.textBytes) >> 2] = (end - start) | ((idEnd - start) << 16)
    this.#times[(at + slotAt.startedAt) >> 3] = this.#originMs + startedAtMs
    this.#uses += useStep
    const isFirst = this.#isFirst(startedAtMs)
    this.#words[(at + slotAt.state) >> 2] = this.#uses | busy | (isFirst ? recorded : 0)
    if (isFirst) this.#write(this.#bytes.subarray(at, at + slotBytes), at)
    return slot
  }

  end(slot: number): void {
    if (slot === 0) {
      this.#words[headerAt.unnamed >> 2] = (this.#words[headerAt.unnamed >> 2] ?? 0) - 1
      return
    }
    const at = slot * slotBytes
    const state = Atomics.exchange(this.#words, (at + slotAt.state) >> 2, 0)
    if ((state & recorded) !== 0) this.#write(this.#zero, at)
    this.#free.push(slot)
  }

  #take(): number {
    const slot = this.#free.pop()
    if (slot !== undefined) return slot
    const used = this.#words[headerAt.used >> 2] ?? 0
    if (used < slotCount) {
      this.#words[headerAt.used >> 2] = used + 1
      return used + 1
    }
    this.#words[headerAt.unnamed >> 2] = (this.#words[headerAt.unnamed >> 2] ?? 0) + 1
    return 0
  }

  /** For texts this short, this is faster than any call out of JavaScript. Returns the end. */
  #copy(text: string, start: number, most: number): number {
    const length = Math.min(text.length, most)
    for (let index = 0; index < length; index += 1) this.#bytes[start + index] = text.charCodeAt(index)
    return start + length
  }

  #isFirst(nowMs: number): boolean {
    if (nowMs - this.#momentAtMs > momentMs) {
      this.#momentAtMs = nowMs
      this.#left = perMoment
    }
    this.#left -= 1
    return this.#left >= 0
  }

  #write(bytes: Uint8Array, at: number): void {
    try {
      writeSync(this.fd, bytes, 0, bytes.length, at)
    } catch {
      // The app closed the descriptor, or its memory is full. No request suffers from that.
    }
  }
}
