/** A file without a name that two processes share. Nothing is left of it, however either process ends. */
import { closeSync, openSync, readSync, unlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'

let made = 0

export class UnnamedFile {
  readonly fd: number
  #isClosed = false

  private constructor(fd: number) {
    this.fd = fd
  }

  /** In memory, if there is a file system for that. `undefined` when no file can be created. */
  static open(): UnnamedFile | undefined {
    made += 1
    for (const place of ['/dev/shm', tmpdir()]) {
      const path = `${place}/tunicorn-${process.pid}-${made}-${Math.random().toString(36).slice(2)}`
      try {
        const fd = openSync(path, 'wx+', 0o600)
        unlinkSync(path)
        return new UnnamedFile(fd)
      } catch {
        // Try the next place.
      }
    }
    return undefined
  }

  /** Returns its first `most` bytes, or nothing when it cannot be read. */
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
