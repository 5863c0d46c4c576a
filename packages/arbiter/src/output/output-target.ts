/** Opens the target that lines are written to, in such a way that no write waits for a reader. */
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
  /** The kernel keeps writes to a pipe whole only up to its own limit. */
  readonly isPipe: boolean
  /** A file on a disk always makes its writer wait, even if it is opened as non-blocking. */
  readonly isFile: boolean
  close(): void
}

const { O_APPEND, O_CREAT, O_NOCTTY, O_NONBLOCK, O_WRONLY } = constants
const flags = O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK | O_NOCTTY

/** For the owner and for whoever collects logs. The umask can only remove permissions. */
export const logMode: number = 0o640

/**
 * Opens a file to append whole lines. Every process that does so adds its lines after those of the others, and overwrites none.
 *
 * @throws Error of the operating system; also for a named pipe that has no reader, which is not waited for
 */
export function openFile(path: string): OutputTarget {
  const fd = openSync(path, flags, logMode)
  return opened(fd, statDescriptor(fd))
}

/** {@link openFile} for a process that serves: it does not wait for a disk that hangs. */
export async function openFileLater(path: string): Promise<OutputTarget> {
  const fd = await promisify(open)(path, flags, logMode)
  return opened(fd, await statDescriptorLater(fd))
}

function opened(fd: number, stat: BigIntStats): OutputTarget {
  const isFile = stat.isFile()
  // Some file systems write their buffered data only now.
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

/** The message is all that is worth reporting: an asynchronous error of the operating system has no stack. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/**
 * Opens a descriptor that this process was started with. It may be shared with other processes, whose writes would suddenly fail
 * if it became non-blocking. It is therefore reopened where possible.
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

/** Node has no call for this, but makes a descriptor non-blocking when it creates a socket from it. */
function setNonBlocking(fd: number): void {
  try {
    new Socket({ fd, readable: false, writable: true }).unref()
  } catch {
    // A kind of descriptor that never blocks, or one that is closed.
  }
}

function closeQuietly(fd: number): void {
  try {
    closeSync(fd)
  } catch {
    // Closing can report that an earlier write failed. Nobody can act upon that any more.
  }
}
