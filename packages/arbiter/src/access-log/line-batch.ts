/** Collects lines to be written together. */
import { Buffer } from 'node:buffer'

/** Room for the line that makes it full. Most lines are shorter. */
const spareBytes = 4_096
/** The most bytes that one character of a string takes in UTF-8. */
const characterBytes = 3
const newline = 10

/**
 * Each line becomes bytes at once. Joining the pieces of many lines when they are written would cost more, because by then the
 * processor has to fetch them again.
 */
export class LineBatch {
  readonly #fullAt: number
  #bytes: Buffer
  #length = 0

  /** `fullAt`: the size in bytes at which it counts as full. */
  constructor(fullAt: number) {
    this.#fullAt = fullAt
    this.#bytes = Buffer.allocUnsafe(fullAt + spareBytes)
  }

  get isEmpty(): boolean {
    return this.#length === 0
  }

  get isFull(): boolean {
    return this.#length >= this.#fullAt
  }

  /** `line` has no newline yet. */
  add(line: string): void {
    if (this.#bytes.length - this.#length <= line.length * characterBytes) this.#makeRoom(line)
    this.#length += this.#bytes.write(line, this.#length)
    this.#bytes[this.#length] = newline
    this.#length += 1
  }

  /** Takes all lines, as a copy, because this memory is reused. */
  take(): Buffer {
    const lines = Buffer.from(this.#bytes.subarray(0, this.#length))
    this.#length = 0
    return lines
  }

  #makeRoom(line: string): void {
    const bytes = Buffer.allocUnsafe(this.#length + line.length * characterBytes + spareBytes)
    this.#bytes.copy(bytes, 0, 0, this.#length)
    this.#bytes = bytes
  }
}
