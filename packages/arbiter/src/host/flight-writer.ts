/**
 * The watchdog's side of the flight record. It writes to the file what the main thread has not written itself, since that thread
 * may be blocked. It also reads from the file whether the arbiter asks for evidence.
 */
import { readSync, writeSync } from 'node:fs'
import { headerAt, slotAt, slotBytes } from '../protocol/flight-record.js'
import { busy, recorded } from './flight-recorder.js'

export class FlightWriter {
  readonly #fd: number
  readonly #bytes: Uint8Array
  readonly #words: Int32Array
  /** The state of each slot at the last look. */
  #seen: readonly number[] = []
  #unnamed = 0
  #asked = 0
  #stackAsked = 0
  readonly #order = new Int32Array(4)
  readonly #zero = new Uint8Array(4)

  constructor(shared: SharedArrayBuffer, fd: number) {
    this.#fd = fd
    this.#bytes = new Uint8Array(shared)
    this.#words = new Int32Array(shared)
  }

  /** Records the requests that were in flight at the last look and still are. Most requests are over by then. */
  look(): void {
    const used = Atomics.load(this.#words, headerAt.used >> 2)
    const states = Array.from({ length: used }, (_, index) => this.#stateOf(index + 1))
    for (const [index, state] of states.entries())
      if (state !== 0 && state === this.#seen[index] && (state & recorded) === 0)
        this.#record(index + 1, state)
    this.#seen = states
    const unnamed = Atomics.load(this.#words, headerAt.unnamed >> 2)
    if (unnamed === this.#unnamed) return
    this.#unnamed = unnamed
    this.#write(this.#bytes.subarray(headerAt.unnamed, headerAt.unnamed + 4), headerAt.unnamed)
  }

  /** What the arbiter has asked for since the last call. */
  takeOrder(): 'evidence' | 'stack' | undefined {
    try {
      readSync(this.#fd, this.#order, 0, this.#order.byteLength, 0)
    } catch {
      return undefined
    }
    const asked = this.#order[headerAt.asked >> 2] ?? 0
    const stackAsked = this.#order[headerAt.stackAsked >> 2] ?? 0
    if (asked !== this.#asked) {
      this.#asked = asked
      return 'evidence'
    }
    if (stackAsked === this.#stackAsked) return undefined
    this.#stackAsked = stackAsked
    return 'stack'
  }

  /** The request may end meanwhile, and another may take its slot. This repeats until the file matches the memory. */
  #record(slot: number, state: number): void {
    const at = slot * slotBytes
    const word = (at + slotAt.state) >> 2
    if (Atomics.compareExchange(this.#words, word, state, state | recorded) !== state) return
    for (let now = state | recorded; ; ) {
      const isRecorded = (now & (busy | recorded)) === (busy | recorded)
      this.#write(isRecorded ? this.#bytes.subarray(at, at + slotBytes) : this.#zero, at)
      const after = Atomics.load(this.#words, word)
      if (after === now) return
      now = after
    }
  }

  #stateOf(slot: number): number {
    return Atomics.load(this.#words, (slot * slotBytes + slotAt.state) >> 2)
  }

  #write(bytes: Uint8Array, at: number): void {
    try {
      writeSync(this.#fd, bytes, 0, bytes.length, at)
    } catch {
      // Serving now is worth more than evidence for later.
    }
  }
}
