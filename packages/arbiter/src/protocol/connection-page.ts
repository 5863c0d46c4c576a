/**
 * How many connections each worker of a group holds, on a page of memory that the workers share: a file without a name that all
 * of them have open. It needs no message and no arbiter, so a worker knows the numbers even in the middle of a burst.
 */
import { readSync, writeSync } from 'node:fs'

/** The number of seats on a page. A worker without one neither yields nor is waited for. */
export const maxSeats = 256

const bytesPerSeat = 4

export class ConnectionPage {
  readonly fd: number
  readonly #seats = new Int32Array(maxSeats)
  readonly #own = new Int32Array(1)

  constructor(fd: number) {
    this.fd = fd
  }

  /** Writes the number of connections of the worker at this seat. `undefined`: nobody accepts there. */
  write(seat: number, connections: number | undefined): void {
    this.#own[0] = connections === undefined ? 0 : connections + 1
    try {
      writeSync(this.fd, this.#own, 0, bytesPerSeat, seat * bytesPerSeat)
    } catch {
      // The app has closed the descriptor. Balance is not worth a worker.
    }
  }

  /** By seat: connections plus one, or 0 where nobody accepts or nothing can be read. Valid until the next call. */
  read(): Int32Array {
    try {
      readSync(this.fd, this.#seats, 0, this.#seats.byteLength, 0)
    } catch {
      this.#seats.fill(0)
    }
    return this.#seats
  }
}
