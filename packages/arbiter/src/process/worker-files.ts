/** What a worker leaves for the arbiter when it can no longer answer: its flight record, and why Node or V8 gave it up. */
import { writeSync } from 'node:fs'
import { readAppMetrics } from '../protocol/app-metrics-record.js'
import { type FlightRecord, headerAt, parseFlightRecord, recordBytes } from '../protocol/flight-record.js'
import { type HeapExhaustion, heapExhaustionIn } from './heap-exhaustion.js'
import { UnnamedFile } from './unnamed-file.js'

/** The limit for reading a report. It has a line for each connection, and the useful part comes before those. */
const reportBytes = 262_144

export class WorkerFiles {
  readonly #flight: UnnamedFile | undefined = UnnamedFile.open()
  readonly #report: UnnamedFile | undefined = UnnamedFile.open()
  #asked = 0
  #stackAsked = 0

  /** Descriptors for the worker. Absent: the worker goes without. */
  get flightFd(): number | undefined {
    return this.#flight?.fd
  }

  get reportFd(): number | undefined {
    return this.#report?.fd
  }

  /** Asks the watchdog for evidence. The answer comes with the worker's log. */
  ask(): void {
    this.#asked += 1
    this.#write(this.#asked, headerAt.asked)
  }

  /** Asks the watchdog for the stack of the main thread, blocked or not. */
  askStack(): void {
    this.#stackAsked += 1
    this.#write(this.#stackAsked, headerAt.stackAsked)
  }

  #write(value: number, at: number): void {
    if (!this.#flight) return
    try {
      writeSync(this.#flight.fd, new Int32Array([value]), 0, 4, at)
    } catch {
      // What is already in the file has to be enough.
    }
  }

  flight(): FlightRecord | undefined {
    return this.#flight && parseFlightRecord(this.#flight.read(recordBytes), Date.now())
  }

  /** JSON of the app's metrics, as the worker wrote them last. */
  appMetrics(): string | undefined {
    return this.#flight?.isOpen === true ? readAppMetrics(this.#flight.fd) : undefined
  }

  heapExhaustion(): HeapExhaustion | undefined {
    return this.#report && heapExhaustionIn(this.#report.read(reportBytes).toString())
  }

  close(): void {
    this.#flight?.close()
    this.#report?.close()
  }
}
