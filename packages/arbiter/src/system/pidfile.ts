/** The file that tells others the arbiter's process id. Never takes the place of an arbiter that is alive. */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { TunicornError } from '../errors.js'
import { isAlive } from './is-alive.js'

const advice: Readonly<Record<string, string>> = {
  ENOENT: 'its folder does not exist. Create it, or choose another path',
  EACCES: 'you may not write there. Choose another path',
  EROFS: 'the file system is read-only. Choose another path',
}

export class Pidfile {
  #path: string

  private constructor(path: string) {
    this.#path = path
  }

  /** @throws TunicornError `PIDFILE_IN_USE`, `PIDFILE_FAILED` */
  static create(path: string): Pidfile {
    const owner = readPid(path)
    if (owner !== undefined && owner !== process.pid && isAlive(owner))
      throw new TunicornError(
        'PIDFILE_IN_USE',
        `The pidfile ${path} names process ${owner}, which is running. Stop it, or remove the file if it is not Tunicorn`,
      )
    const temporary = `${path}.${process.pid}.tmp`
    try {
      // Written aside and renamed: a reader never sees half of it.
      writeFileSync(temporary, `${process.pid}\n`, { mode: 0o644, flag: 'wx' })
      renameSync(temporary, path)
    } catch (cause) {
      rmSync(temporary, { force: true })
      const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
      const why = advice[code] ?? (cause instanceof Error ? cause.message : String(cause))
      throw new TunicornError('PIDFILE_FAILED', `The pidfile ${path} could not be written: ${why}`, { cause })
    }
    return new Pidfile(path)
  }

  /** Removes the file, if it is still this process's. */
  remove(): void {
    if (readPid(this.#path) === process.pid) rmSync(this.#path, { force: true })
  }

  /** Takes another name, when the arbiter that had it is gone. */
  rename(path: string): void {
    if (readPid(this.#path) === process.pid) renameSync(this.#path, path)
    this.#path = path
  }
}

function readPid(path: string): number | undefined {
  try {
    const pid = Number.parseInt(readFileSync(path, 'utf8'), 10)
    return Number.isSafeInteger(pid) && pid > 0 ? pid : undefined
  } catch {
    return undefined
  }
}
