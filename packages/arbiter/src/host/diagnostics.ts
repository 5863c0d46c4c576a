/** The worker's log: lines on a pipe that the arbiter reads, so that one process formats, labels and limits them all. */
import { writeSync } from 'node:fs'
import { inspect } from 'node:util'
import type { LogFields, Logger, LogLevel } from '../contract/logger.js'
import type { WorkerLogRecord } from '../protocol/messages.js'

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
  const plain = Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, toPlain(value)]))
  write({ level, message: message.slice(0, maxField), fields: plain }, fd)
}

/** What every worker of a generation would say the same way: the log has it once. */
export function writeShared(level: LogLevel, message: string): void {
  write({ level, message, isShared: true }, diagnosticsFd)
}

function write(record: WorkerLogRecord, fd: number): void {
  try {
    writeSync(fd, `${JSON.stringify(record)}\n`)
  } catch {
    // The arbiter is gone, or the app closed the pipe: there is nobody to tell.
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
