/**
 * Where a worker leaves the metrics of its app for the arbiter: after the flight record, in the same file, which outlives the
 * process. There are two places, and a header that says which of them is complete.
 */
import { readSync, writeSync } from 'node:fs'
import { recordBytes } from './flight-record.js'

/** Bytes of one place. Memory is used only for what has been written. */
export const maxAppMetricsBytes = 1_048_576

const headBytes = 8
const placeAt = (place: number): number => recordBytes + headBytes + place * maxAppMetricsBytes

/** The worker's end. */
export class AppMetricsWriter {
  readonly #fd: number
  #place = 0

  constructor(fd: number) {
    this.#fd = fd
  }

  /** `text`: JSON, of at most `maxAppMetricsBytes`. */
  write(text: string): void {
    const bytes = Buffer.from(text)
    const place = 1 - this.#place
    writeSync(this.#fd, bytes, 0, bytes.length, placeAt(place))
    writeSync(this.#fd, headOf(place, bytes.length), 0, headBytes, recordBytes)
    this.#place = place
  }
}

/** What the worker wrote last, or `undefined` if there is nothing. The text comes from a worker and may be anything. */
export function readAppMetrics(fd: number): string | undefined {
  try {
    const head = Buffer.alloc(headBytes)
    if (readSync(fd, head, 0, headBytes, recordBytes) < headBytes) return undefined
    const [place, length] = [head.readUInt32LE(0), head.readUInt32LE(4)]
    if (length === 0 || length > maxAppMetricsBytes || place > 1) return undefined
    const bytes = Buffer.alloc(length)
    return readSync(fd, bytes, 0, length, placeAt(place)) === length ? bytes.toString() : undefined
  } catch {
    return undefined
  }
}

function headOf(place: number, length: number): Buffer {
  const head = Buffer.alloc(headBytes)
  head.writeUInt32LE(place, 0)
  head.writeUInt32LE(length, 4)
  return head
}
