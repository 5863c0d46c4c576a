/** Opens what lines are written to, so that no write can wait for a reader. */
import {
  accessSync,
  type BigIntStats,
  close,
  closeSync,
  constants,
  existsSync,
  open,
  openSync,
} from 'node:fs'
import { Socket } from 'node:net'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import { TunicornError } from '../errors.js'
import { statDescriptor, statDescriptorLater } from '../stat-special.js'

export interface OutputTarget {
  readonly fd: number
  /** The kernel keeps writes to it apart only up to its own limit. */
  readonly isPipe: boolean
  /** On a disk, which makes a writer wait whatever it asks for. */
  readonly isFile: boolean
  close(): void
}

const { O_APPEND, O_CREAT, O_NOCTTY, O_NONBLOCK, O_WRONLY } = constants
const flags = O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK | O_NOCTTY

/** For its owner and for those who collect logs; the umask can only take away. */
export const logMode: number = 0o640

/**
 * Opens a file for whole lines at its end; every process that does so adds to the others' lines and overwrites none.
 *
 * @throws Error of the operating system; also for a named pipe that nobody reads, which is not waited for
 */
export function openFile(path: string): OutputTarget {
  const fd = openSync(path, flags, logMode)
  return opened(fd, statDescriptor(fd))
}

/** {@link openFile} for a process that serves: a disk that hangs is not waited for. */
export async function openFileLater(path: string): Promise<OutputTarget> {
  const fd = await promisify(open)(path, flags, logMode)
  return opened(fd, await statDescriptorLater(fd))
}

function opened(fd: number, stat: BigIntStats): OutputTarget {
  const isFile = stat.isFile()
  // Some file systems write what they have at the latest now.
  const closeFile = isFile ? () => close(fd, () => {}) : () => closeQuietly(fd)
  return { fd, isPipe: stat.isFIFO(), isFile, close: closeFile }
}

/** @throws TunicornError `LOG_FAILED` that says which log cannot be written, and why */
export function openLogFile(what: 'access log' | 'log file', path: string): OutputTarget {
  try {
    return openFile(path)
  } catch (cause) {
    throw logFailed(what, path, cause)
  }
}

/**
 * For a check: whether {@link openLogFile} would open it. Nothing is created.
 * @throws TunicornError `LOG_FAILED`
 */
export function checkLogFile(what: 'access log' | 'log file', path: string): void {
  try {
    accessSync(existsSync(path) ? path : dirname(path), constants.W_OK)
  } catch (cause) {
    throw logFailed(what, path, cause)
  }
}

export function logFailed(what: 'access log' | 'log file', path: string, cause: unknown): TunicornError {
  return new TunicornError('LOG_FAILED', `The ${what} ${path} could not be opened: ${messageOf(cause)}`, {
    cause,
  })
}

/** All there is to say of an error of the operating system: one that came later has no stack. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/**
 * A descriptor that this process was started with. It may be shared with others, who would be surprised if its writes
 * suddenly failed for want of a reader, so it is reopened where that can be done.
 */
export function openDescriptor(fd: number): OutputTarget {
  const stat = statDescriptor(fd)
  if (stat.isFile()) return { fd, isPipe: false, isFile: true, close: () => {} }
  const isPipe = stat.isFIFO()
  try {
    const own = openSync(`/proc/self/fd/${fd}`, O_WRONLY | O_NONBLOCK | O_NOCTTY)
    return { fd: own, isPipe, isFile: false, close: () => closeQuietly(own) }
  } catch {
    // A socket, another user's pipe, or a platform without /proc.
    setNonBlocking(fd)
    return { fd, isPipe, isFile: false, close: () => {} }
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
