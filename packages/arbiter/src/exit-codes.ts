import { isLoadFailure, TunicornError } from './errors.js'

/** Exit codes of the arbiter and of worker processes. */
export const exitCodes = {
  ok: 0,
  /** Configuration or unexpected error. */
  error: 1,
  /** No worker ever booted. */
  bootFailed: 3,
  /** The app could not be loaded. */
  appLoadFailed: 4,
  /** Workers ended unasked too often. */
  restartsExceeded: 5,
} as const

/** The exit code for an error. */
export function exitCodeFor(error: unknown): number {
  if (!(error instanceof TunicornError)) return exitCodes.error
  if (isLoadFailure(error.code)) return exitCodes.appLoadFailed
  if (error.code === 'BOOT_FAILED' || error.code === 'BOOT_TIMEOUT') return exitCodes.bootFailed
  return error.code === 'RESTARTS_EXCEEDED' ? exitCodes.restartsExceeded : exitCodes.error
}
