/** The arbiter's log: text for people, JSON elsewhere. Every line has the same shape, and logging never blocks the arbiter. */
import { isatty } from 'node:tty'
import { inspect } from 'node:util'
import { pino } from 'pino'
import type { LogFields, Logger, LogLevel } from '../contract/logger.js'
import { LineOutput } from './line-output.js'
import { textFormat } from './log-text.js'
import { messageOf, openDescriptor, openFileLater, openLogFile } from './output-target.js'

export interface LogOptions {
  readonly level: LogLevel
  readonly format: 'auto' | 'text' | 'json'
  /** Path of a file, or `-` for standard error. */
  readonly file: string
}

export interface ArbiterLog extends Logger {
  write(level: LogLevel, message: string, fields?: LogFields): void
  /** Reopens the log file after a rotation. */
  reopen(): void
  /** Writes what is kept, without waiting long for a reader. Writes nothing afterwards. */
  close(): Promise<void>
}

/** @throws TunicornError `LOG_FAILED` when the file cannot be written */
export function createLog(options: LogOptions): ArbiterLog {
  const { file } = options
  const isStream = file === '-'
  const output = new LineOutput(isStream ? openDescriptor(standardError) : openLogFile('log file', file), {
    // There is nowhere else to report it until there is room again.
    failed: () => {},
    recovered: dropped => write('warn', `${dropped} lines of this log were lost`),
  })
  const write = createWriter(options, line => output.write(line))
  // Handles an unplanned end: an exception, or an exit by the program that embeds the arbiter.
  const finish = (): number => output.finish(lastWaitMs)
  process.on('exit', finish)
  const reopen = async (): Promise<void> => {
    if (isStream) return
    try {
      await output.reopen(() => openFileLater(file))
    } catch (error) {
      write('error', `The log file ${file} could not be reopened; the old file is written on`, {
        error: messageOf(error),
      })
    }
  }
  return {
    write,
    debug: (message, fields) => write('debug', message, fields),
    info: (message, fields) => write('info', message, fields),
    warn: (message, fields) => write('warn', message, fields),
    error: (message, fields) => write('error', message, fields),
    reopen: () => void reopen(),
    close: async () => {
      await output.close(lastWaitMs)
      process.off('exit', finish)
    },
  }
}

const standardError = 2
/** How long the end of the process waits for a reader. */
const lastWaitMs = 500

function createWriter({ level, format, file }: LogOptions, put: (text: string) => void): ArbiterLog['write'] {
  const isTerminal = file === '-' && isatty(standardError)
  const isText = format === 'text' || (format === 'auto' && isTerminal)
  const toText = isText ? textFormat(isTerminal) : (line: string): string => line
  const logger = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: label => ({ level: label }) },
    },
    { write: (line: string) => put(toText(line)) },
  )
  return (lineLevel, message, { error, ...others } = {}) => {
    const fields = withoutReserved(others)
    logger[lineLevel](error === undefined ? fields : { ...fields, error: describeError(error) }, message)
  }
}

const reserved: ReadonlySet<string> = new Set(['level', 'time', 'msg'])

/** A worker names its own fields, and must not use a name that readers associate with the log's own fields. */
function withoutReserved(fields: LogFields): LogFields {
  const names = Object.keys(fields)
  if (!names.some(name => reserved.has(name))) return fields
  return Object.fromEntries(names.map(name => [reserved.has(name) ? `${name}_` : name, fields[name]]))
}

/** An error with its stack and its causes. An error from a worker is already text. */
function describeError(error: unknown): string {
  return typeof error === 'string' ? error : inspect(error, { depth: 4 })
}
