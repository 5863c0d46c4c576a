/** A log for a server without an arbiter: writes warnings and errors to standard error. */
import type { LogFields, Logger } from '@tunicorn/arbiter/worker'

export const consoleLogger: Logger = {
  debug: ignore,
  info: ignore,
  warn: (message, fields) => print('warning', message, fields),
  error: (message, fields) => print('error', message, fields),
}

function print(level: string, message: string, { error }: LogFields = {}): void {
  const line = `[${level}] ${message}`
  if (error === undefined) console.error(line)
  else console.error(line, error)
}

function ignore(): void {}
