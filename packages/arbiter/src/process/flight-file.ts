/** The file with the flight record of one worker. It has no name, so that nothing is left of it whatever ends whom. */
import { closeSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { type FlightRecord, headerAt, parseFlightRecord, recordBytes } from '../protocol/flight-record.js'

/** Memory, where there is a file system for it. */
const places = (): readonly string[] => ['/dev/shm', tmpdir()]

let made = 0

export class FlightFile {
  readonly fd: number
  #asked = 0
  #isClosed = false

  private constructor(fd: number) {
    this.fd = fd
  }

  /** `undefined` where no file can be made: the worker does without. */
  static open(): FlightFile | undefined {
    made += 1
    for (const place of places()) {
      const path = `${place}/tunicorn-${process.pid}-${made}-${Math.random().toString(36).slice(2)}`
      try {
        const fd = openSync(path, 'wx+', 0o600)
        unlinkSync(path)
        return new FlightFile(fd)
      } catch {
        // The next place may do.
      }
    }
    return undefined
  }

  /** Asks the watchdog for what it knows; the answer comes with the worker's log. */
  ask(): void {
    if (this.#isClosed) return
    this.#asked += 1
    try {
      writeSync(this.fd, new Int32Array([this.#asked]), 0, 4, headerAt.asked)
    } catch {
      // What is in the file already has to do.
    }
  }

  read(): FlightRecord | undefined {
    if (this.#isClosed) return undefined
    const bytes = Buffer.alloc(recordBytes)
    try {
      const length = readSync(this.fd, bytes, 0, recordBytes, 0)
      return parseFlightRecord(bytes.subarray(0, length), Date.now())
    } catch {
      return undefined
    }
  }

  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    closeSync(this.fd)
  }
}
