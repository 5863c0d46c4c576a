/** What a worker leaves for the arbiter when it can say nothing any more: its flight record, and why Node or V8 gave it up. */
import { writeSync } from 'node:fs'
import { readAppMetrics } from '../protocol/app-metrics-record.js'
import { type FlightRecord, headerAt, parseFlightRecord, recordBytes } from '../protocol/flight-record.js'
import { type HeapExhaustion, heapExhaustionIn } from './heap-exhaustion.js'
import { UnnamedFile } from './unnamed-file.js'

/** Of a report, which has a line for each connection; what is of use comes before those. */
const reportBytes = 262_144

export class WorkerFiles {
  readonly #flight: UnnamedFile | undefined = UnnamedFile.open()
  readonly #report: UnnamedFile | undefined = UnnamedFile.open()
  #asked = 0
  #stackAsked = 0

  /** Descriptors for the worker. Absent: it does without. */
  get flightFd(): number | undefined {
    return this.#flight?.fd
  }

  get reportFd(): number | undefined {
    return this.#report?.fd
  }

  /** Asks the watchdog for what it knows; the answer comes with the worker's log. */
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
      // What is in the file already has to do.
    }
  }

  flight(): FlightRecord | undefined {
    return this.#flight && parseFlightRecord(this.#flight.read(recordBytes), Date.now())
  }

  /** JSON of the metrics of the app, as the worker has written them last. */
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
