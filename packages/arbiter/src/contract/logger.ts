/** Extra fields of a log line. `error` is logged with its stack and its causes. */
export interface LogFields {
  readonly error?: unknown
  readonly [field: string]: unknown
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

/** The log of a worker. The arbiter adds the worker's identity. Never blocks for long and never throws. */
export interface Logger {
  debug(message: string, fields?: LogFields): void
  info(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  error(message: string, fields?: LogFields): void
}
