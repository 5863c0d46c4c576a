/** Lines that wait to be written, in order and as bytes. What is written next is one piece, however many lines came. */

const newline = 10
const nothing: Buffer = Buffer.alloc(0)

export class LineQueue {
  #head: Buffer = nothing
  #tail: Buffer[] = []
  #bytes = 0

  get bytes(): number {
    return this.#bytes
  }

  /** Those that have begun count. */
  get lines(): number {
    return [this.#head, ...this.#tail].reduce((sum, part) => sum + countLines(part), 0)
  }

  /** What comes first. Stays the same, also while lines are added, until some of it is removed. */
  get head(): Buffer {
    if (this.#head.length > 0) return this.#head
    this.#head = Buffer.concat(this.#tail)
    this.#tail = []
    return this.#head
  }

  /** `bytes` ends with a newline. */
  add(bytes: Buffer): void {
    this.#tail.push(bytes)
    this.#bytes += bytes.length
  }

  /** Takes all that `other` has. */
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
