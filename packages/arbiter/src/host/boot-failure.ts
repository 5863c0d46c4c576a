/** What the arbiter, the log and the parent of the process are told about a failed boot. */
import { type ErrorCode, TunicornError } from '../errors.js'
import { exitCodeFor, exitCodes } from '../exit-codes.js'

export interface BootFailure {
  readonly code: ErrorCode
  readonly message: string
  /** What to log: the app's own error, if there is one. */
  readonly evidence: unknown
  readonly exitCode: number
}

export function bootFailure(error: unknown): BootFailure {
  const isOurs = error instanceof TunicornError
  const exitCode = exitCodeFor(error)
  // Node does not know the address of a listener that fails.
  const hasStory = isOurs && error.cause !== undefined && error.code !== 'BIND_FAILED'
  return {
    code: isOurs ? error.code : 'BOOT_FAILED',
    message: error instanceof Error ? error.message : String(error),
    evidence: hasStory ? error.cause : error,
    exitCode: exitCode === exitCodes.appLoadFailed ? exitCode : exitCodes.bootFailed,
  }
}
