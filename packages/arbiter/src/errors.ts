/** Errors that a caller may handle. Codes are covered by semantic versioning, messages are not. */

/** Every code and its meaning. It determines the exit code of the command: see `exit-codes.ts`. */
export const errorCodes = {
  CONFIG_INVALID: 'One or more settings are wrong; `issues` lists all of them',
  CONFIG_NOT_FOUND: 'The config file that was named does not exist',
  CONFIG_LOAD_FAILED: 'The config file could not be read, threw, or took too long',
  WORKER_CLASS_NOT_FOUND: 'The worker class is not installed',
  WORKER_CLASS_INVALID: 'The module is not a worker class, or its contract is not known here',
  APP_NOT_FOUND: 'The app module does not exist',
  APP_LOAD_FAILED: 'The app module threw while it was imported',
  APP_EXPORT_MISSING: 'The app module has no such export',
  APP_NOT_USABLE: 'The export is not an app',
  APP_KIND_UNSUPPORTED: 'The worker class cannot run apps of this kind',
  BIND_FAILED: 'An address could not be bound',
  TLS_FAILED: 'A certificate, its key, the authorities or the ciphers could not be used',
  PIDFILE_IN_USE: 'The pidfile names a process that is alive',
  PIDFILE_FAILED: 'The pidfile could not be written',
  LOG_FAILED: 'The log file could not be opened',
  BOOT_FAILED: 'No worker became ready',
  BOOT_TIMEOUT: 'No worker became ready within `bootTimeout`',
  RESTARTS_EXCEEDED: 'Workers of a group ended unasked more often than `maxRestarts` within `restartWindow`',
  RELOAD_FAILED: 'The new generation did not become ready; the old one goes on',
  RELOAD_ROLLED_BACK: 'Workers of the new generation served and then ended; the old one goes on',
  UPGRADE_FAILED: 'The new arbiter did not take over; the old one goes on',
  UPGRADE_REFUSED: 'An upgrade is under way, or the arbiter stops',
  ARBITER_STOPPED: 'The arbiter was stopped before the operation could end',
  ARBITER_USED: 'The arbiter was started, checked or stopped before; it starts once',
  BROADCAST_TOO_LARGE: 'A message to the other workers has more than 16 KiB of JSON',
  BROADCAST_TOO_OFTEN: 'A worker broadcasts more than it may; the message was not sent',
  GROUP_UNKNOWN: 'There is no group of this name',
  WORKER_UNKNOWN: 'There is no worker of this age or pid',
  WORKER_BUSY: 'Somebody looks into this worker already',
  EXAMINATION_FAILED: 'A worker did not give what was asked of it',
  CONTROL_BAD_REQUEST: 'The control API was asked for something that it does not know',
  CONTROL_UNREACHABLE: 'No server answers at the control socket',
  CONTROL_DENIED: 'The control socket belongs to another user',
  CONTROL_FAILED: 'The server failed to do what it was asked for',
  CONTROL_BAD_ANSWER: 'What answers at the control socket is not the control API, or of another version',
  SERVER_NOT_FOUND: 'No server of this user is running',
  SERVER_AMBIGUOUS: 'Several servers of this user are running',
  PLATFORM_UNSUPPORTED: 'This platform or Node version lacks something that is needed',
} as const

export type ErrorCode = keyof typeof errorCodes

const loadFailures: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'APP_NOT_FOUND',
  'APP_LOAD_FAILED',
  'APP_EXPORT_MISSING',
  'APP_NOT_USABLE',
  'APP_KIND_UNSUPPORTED',
])

/** Whether the app itself is at fault, so that every worker would fail with it. */
export function isLoadFailure(code: ErrorCode): boolean {
  return loadFailures.has(code)
}

/** An error with a stable code. The original error, if there is one, is the `cause`. */
export class TunicornError extends Error {
  override readonly name: string = 'TunicornError'
  readonly code: ErrorCode

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
