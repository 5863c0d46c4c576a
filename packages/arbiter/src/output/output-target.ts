/** Opens what lines are written to, so that no write can wait for a reader. */
import { closeSync, constants, fstatSync, openSync } from 'node:fs'
import { Socket } from 'node:net'
import { TunicornError } from '../errors.js'

export interface OutputTarget {
  readonly fd: number
  /** The kernel keeps writes to it apart only up to its own limit. */
  readonly isPipe: boolean
  close(): void
}

const { O_APPEND, O_CREAT, O_NOCTTY, O_NONBLOCK, O_WRONLY } = constants

/** For its owner and for those who collect logs; the umask can only take away. */
export const logMode: number = 0o640

/**
 * Opens a file for whole lines at its end; every process that does so adds to the others' lines and overwrites none.
 *
 * @throws Error of the operating system; also for a named pipe that nobody reads, which is not waited for
 */
export function openFile(path: string): OutputTarget {
  const fd = openSync(path, O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK | O_NOCTTY, logMode)
  return { fd, isPipe: fstatSync(fd).isFIFO(), close: () => closeQuietly(fd) }
}

/** @throws TunicornError `LOG_FAILED` that says which log cannot be written, and why */
export function openLogFile(what: 'access log' | 'log file', path: string): OutputTarget {
  try {
    return openFile(path)
  } catch (cause) {
    throw logFailed(what, path, cause)
  }
}

export function logFailed(what: 'access log' | 'log file', path: string, cause: unknown): TunicornError {
  const why = cause instanceof Error ? cause.message : String(cause)
  return new TunicornError('LOG_FAILED', `The ${what} ${path} could not be opened: ${why}`, { cause })
}

/**
 * A descriptor that this process was started with. It may be shared with others, who would be surprised if its writes
 * suddenly failed for want of a reader, so it is opened anew where that can be done.
 */
export function openDescriptor(fd: number): OutputTarget {
  const stat = fstatSync(fd)
  if (stat.isFile()) return { fd, isPipe: false, close: () => {} }
  const isPipe = stat.isFIFO()
  try {
    const own = openSync(`/proc/self/fd/${fd}`, O_WRONLY | O_NONBLOCK | O_NOCTTY)
    return { fd: own, isPipe, close: () => closeQuietly(own) }
  } catch {
    // A socket, another user's pipe, or a platform without /proc.
    setNonBlocking(fd)
    return { fd, isPipe, close: () => {} }
  }
}

/** Node has no call for it, and does it to what a socket is made from. */
function setNonBlocking(fd: number): void {
  try {
    new Socket({ fd, readable: false, writable: true }).unref()
  } catch {
    // A kind of descriptor that is never waited for, or one that is closed.
  }
}

function closeQuietly(fd: number): void {
  try {
    closeSync(fd)
  } catch {
    // Closing can report that an earlier write has failed, which nobody can act upon any more.
  }
}
