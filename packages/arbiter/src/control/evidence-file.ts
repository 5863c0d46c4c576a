/** A file that a worker writes and the arbiter passes on. It has a directory of its own, which is removed with it. */
import { constants } from 'node:fs'
import { chown, type FileHandle, mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TunicornError } from '../errors.js'
import type { Identity } from '../system/identity.js'

export class EvidenceFile {
  readonly path: string
  readonly #directory: string
  readonly #uid: number | undefined

  private constructor(directory: string, uid: number | undefined) {
    this.#directory = directory
    this.#uid = uid
    this.path = join(directory, 'evidence')
  }

  /** `writer`: the user and group that the worker runs as; absent: those of this process. @throws Error of the file system */
  static async prepare(writer: Identity | undefined): Promise<EvidenceFile> {
    const directory = await mkdtemp(join(tmpdir(), 'tunicorn-evidence-'))
    const file = new EvidenceFile(directory, writer?.uid ?? process.geteuid?.())
    if (!writer) return file
    try {
      await chown(directory, writer.uid, writer.gid)
      return file
    } catch (error) {
      await file.remove()
      throw error
    }
  }

  /** Opens what the worker has written, but never follows a link. @throws TunicornError `EXAMINATION_FAILED` */
  async open(): Promise<{ readonly handle: FileHandle; readonly bytes: number }> {
    let handle: FileHandle | undefined
    try {
      handle = await open(this.path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
      const facts = await handle.stat()
      if (!facts.isFile() || facts.uid !== this.#uid) throw new Error('it is not a file of the worker')
      return { handle, bytes: facts.size }
    } catch (cause) {
      await handle?.close()
      const why = cause instanceof Error ? cause.message : String(cause)
      throw new TunicornError('EXAMINATION_FAILED', `What the worker wrote cannot be read: ${why}`, { cause })
    }
  }

  async remove(): Promise<void> {
    await rm(this.#directory, { recursive: true, force: true })
  }
}
