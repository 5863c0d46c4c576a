/** A file that two processes share and that has no name: nothing is left of it, whatever ends whom. */
import { closeSync, openSync, readSync, unlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'

let made = 0

export class UnnamedFile {
  readonly fd: number
  #isClosed = false

  private constructor(fd: number) {
    this.fd = fd
  }

  /** In memory, where there is a file system for it. `undefined` where no file can be made. */
  static open(): UnnamedFile | undefined {
    made += 1
    for (const place of ['/dev/shm', tmpdir()]) {
      const path = `${place}/tunicorn-${process.pid}-${made}-${Math.random().toString(36).slice(2)}`
      try {
        const fd = openSync(path, 'wx+', 0o600)
        unlinkSync(path)
        return new UnnamedFile(fd)
      } catch {
        // The next place may do.
      }
    }
    return undefined
  }

  /** Its first `most` bytes; nothing when it cannot be read. */
  read(most: number): Buffer {
    const bytes = Buffer.allocUnsafe(most)
    try {
      return this.#isClosed ? Buffer.alloc(0) : bytes.subarray(0, readSync(this.fd, bytes, 0, most, 0))
    } catch {
      return Buffer.alloc(0)
    }
  }

  get isOpen(): boolean {
    return !this.#isClosed
  }

  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    closeSync(this.fd)
  }
}
