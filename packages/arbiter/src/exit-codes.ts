import { type ErrorCode, TunicornError } from './errors.js'

/** Exit codes of the arbiter and of worker processes. */
export const exitCodes = {
  ok: 0,
  /** Configuration or unexpected error. */
  error: 1,
  /** No worker ever booted. */
  bootFailed: 3,
  /** The app could not be loaded. */
  appLoadFailed: 4,
} as const

const appCodes: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'APP_NOT_FOUND',
  'APP_LOAD_FAILED',
  'APP_EXPORT_MISSING',
  'APP_NOT_USABLE',
  'APP_KIND_UNSUPPORTED',
])

/** The exit code that an error asks for. */
export function exitCodeFor(error: unknown): number {
  if (!(error instanceof TunicornError)) return exitCodes.error
  if (appCodes.has(error.code)) return exitCodes.appLoadFailed
  if (error.code === 'BOOT_FAILED' || error.code === 'BOOT_TIMEOUT') return exitCodes.bootFailed
  return exitCodes.error
}
