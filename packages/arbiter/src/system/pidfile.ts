/** The file with the arbiter's process id. It never replaces the file of an arbiter that is alive. */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { TunicornError } from '../errors.js'
import { isAlive } from './is-alive.js'

const advice: Readonly<Record<string, string>> = {
  ENOENT: 'its folder does not exist. Create it, or choose another path',
  EACCES: 'you may not write there. Choose another path',
  EROFS: 'the file system is read-only. Choose another path',
}

/** The name of a successor's file until it gets the name of its predecessor's. */
const waitingName = (path: string): string => `${path}.2`

export class Pidfile {
  readonly #path: string

  private constructor(path: string) {
    this.#path = path
  }

  /** @throws TunicornError `PIDFILE_IN_USE`, `PIDFILE_FAILED` */
  static create(path: string): Pidfile {
    write(path)
    return new Pidfile(path)
  }

  /**
   * Creates the file of an arbiter whose predecessor still has the name.
   * @throws TunicornError `PIDFILE_IN_USE`, `PIDFILE_FAILED`
   */
  static createWaiting(path: string): Pidfile {
    write(waitingName(path))
    return new Pidfile(path)
  }

  /**
   * For a check, which may run beside the server that owns the file: tests whether one could be created.
   * @throws TunicornError `PIDFILE_FAILED`
   */
  static check(path: string): void {
    rmSync(writeAside(path))
  }

  /** Gives the name to the successor `pid` while this arbiter still drains, so that the file always names an arbiter that stays. */
  handOver(pid: number): void {
    renameIfOf(pid, this.#path)
  }

  /** To be called when the predecessor is gone. It may have ended without handing over. */
  take(): void {
    renameIfOf(process.pid, this.#path)
  }

  /** Removes the file if it still belongs to this process. */
  remove(): void {
    for (const path of [waitingName(this.#path), this.#path])
      if (readPid(path) === process.pid) rmSync(path, { force: true })
  }
}

function renameIfOf(pid: number, path: string): void {
  if (readPid(waitingName(path)) === pid) renameSync(waitingName(path), path)
}

function write(path: string): void {
  const owner = readPid(path)
  if (owner !== undefined && owner !== process.pid && isAlive(owner))
    throw new TunicornError(
      'PIDFILE_IN_USE',
      `The pidfile ${path} names process ${owner}, which is running. Stop it, or remove the file if it is not Tunicorn`,
    )
  const temporary = writeAside(path)
  try {
    renameSync(temporary, path)
  } catch (cause) {
    rmSync(temporary, { force: true })
    throw pidfileFailed(path, cause)
  }
}

/** Writes the file under another name and returns that name, so that a reader never sees half of the file. */
function writeAside(path: string): string {
  const temporary = `${path}.${process.pid}.tmp`
  try {
    writeFileSync(temporary, `${process.pid}\n`, { mode: 0o644, flag: 'wx' })
    return temporary
  } catch (cause) {
    throw pidfileFailed(path, cause)
  }
}

function pidfileFailed(path: string, cause: unknown): TunicornError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  const why = advice[code] ?? (cause instanceof Error ? cause.message : String(cause))
  return new TunicornError('PIDFILE_FAILED', `The pidfile ${path} could not be written: ${why}`, { cause })
}

function readPid(path: string): number | undefined {
  try {
    const pid = Number.parseInt(readFileSync(path, 'utf8'), 10)
    return Number.isSafeInteger(pid) && pid > 0 ? pid : undefined
  } catch {
    return undefined
  }
}
