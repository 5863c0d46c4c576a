/** Lines that are waiting to be written, in order and as bytes. The next write is one piece, however many lines were added. */

const newline = 10
const nothing: Buffer = Buffer.alloc(0)

export class LineQueue {
  #head: Buffer = nothing
  #tail: Buffer[] = []
  #bytes = 0

  get bytes(): number {
    return this.#bytes
  }

  /** Includes a line that was partly written. */
  get lines(): number {
    return [this.#head, ...this.#tail].reduce((sum, part) => sum + countLines(part), 0)
  }

  /** The bytes to write next. They stay the same, even while lines are added, until some are removed. */
  get head(): Buffer {
    if (this.#head.length > 0) return this.#head
    this.#head = Buffer.concat(this.#tail)
    this.#tail = []
    return this.#head
  }

  /** `bytes` must end with a newline. */
  add(bytes: Buffer): void {
    this.#tail.push(bytes)
    this.#bytes += bytes.length
  }

  /** Appends everything in `other`. */
  take(other: LineQueue): void {
    for (const part of [other.#head, ...other.#tail]) if (part.length > 0) this.add(part)
    other.clear()
  }

  /** Removes the first `count` bytes of the head. */
  remove(count: number): void {
    this.#head = this.#head.subarray(count)
    this.#bytes -= count
  }

  clear(): void {
    this.#head = nothing
    this.#tail = []
    this.#bytes = 0
  }
}

export function countLines(bytes: Buffer): number {
  let count = 0
  for (const byte of bytes) if (byte === newline) count += 1
  return count
}
