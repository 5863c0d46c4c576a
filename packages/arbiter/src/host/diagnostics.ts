/** The worker's log. It writes lines to a pipe that the arbiter reads, so that one process formats, labels and limits them all. */
import { writeSync } from 'node:fs'
import { inspect } from 'node:util'
import type { LogFields, Logger, LogLevel } from '../contract/logger.js'
import type { RequestInFlight, StackReport, WorkerLogRecord } from '../protocol/messages.js'

/** The file descriptor of the pipe in every worker process. */
const diagnosticsFd = 4
const maxField = 16_384

/** Writes one line. Synchronous, so that the last words of a process are not lost; never throws. */
export function writeRecord(
  level: LogLevel,
  message: string,
  fields: LogFields = {},
  fd: number = diagnosticsFd,
): void {
  write({ level, message, fields }, fd)
}

/** Writes what every worker of a generation would write in the same way. The log shows it once. */
export function writeShared(level: LogLevel, message: string): void {
  write({ level, message, isShared: true }, diagnosticsFd)
}

/** Reports that the event loop is blocked, and which requests are in flight. */
export function writeBlocked(
  message: string,
  fields: LogFields,
  requests: readonly RequestInFlight[] | undefined,
): void {
  write({ level: 'error', message, fields, ...(requests && { blocked: requests }) }, diagnosticsFd)
}

/** Reports that a debugger has paused this process. */
export function writePaused(): void {
  const message = 'A debugger has paused this worker: it is not killed for its silence until it goes on'
  write({ level: 'warn', message, paused: true }, diagnosticsFd)
}

/** Answers a request for the stack. */
export function writeStack(stack: StackReport): void {
  write({ level: 'debug', message: '', stack }, diagnosticsFd)
}

function write({ level, message, fields = {}, ...rest }: WorkerLogRecord, fd: number): void {
  try {
    const plain = Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, toPlain(value)]))
    const record: WorkerLogRecord = { level, message: message.slice(0, maxField), fields: plain, ...rest }
    writeSync(fd, `${JSON.stringify(record)}\n`)
  } catch {
    // The arbiter is gone, or the app closed the pipe: there is nobody to report to.
  }
}

function toPlain(value: unknown): unknown {
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return value
  return (typeof value === 'string' ? value : inspect(value, { depth: 4 })).slice(0, maxField)
}

export function createWorkerLogger(): Logger {
  return {
    debug: (message, fields) => writeRecord('debug', message, fields),
    info: (message, fields) => writeRecord('info', message, fields),
    warn: (message, fields) => writeRecord('warn', message, fields),
    error: (message, fields) => writeRecord('error', message, fields),
  }
}
