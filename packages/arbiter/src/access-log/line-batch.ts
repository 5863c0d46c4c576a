/** Lines that wait to be written together. */
import { Buffer } from 'node:buffer'

/** For the line that makes it full: most are shorter. */
const spareBytes = 4_096
/** What a character of a text has in UTF-8 at most. */
const characterBytes = 3
const newline = 10

/**
 * Each line becomes bytes at once. To put all the pieces of many lines together when they are written costs more, because by
 * then the processor has to fetch them again.
 */
export class LineBatch {
  readonly #fullAt: number
  #bytes: Buffer
  #length = 0

  /** `fullAt`: bytes. */
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

  /** `line` comes without its end. */
  add(line: string): void {
    if (this.#bytes.length - this.#length <= line.length * characterBytes) this.#makeRoom(line)
    this.#length += this.#bytes.write(line, this.#length)
    this.#bytes[this.#length] = newline
    this.#length += 1
  }

  /** All lines. A copy: this goes on in the same memory. */
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
