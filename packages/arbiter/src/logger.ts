/** The arbiter's log: text for people, JSON elsewhere; one line shape; never blocks the arbiter. */
import { inspect } from 'node:util'
import pino from 'pino'
import type { LogFields, Logger } from './contract/logger.js'
import type { LogLevel } from './protocol/messages.js'

export interface LogOptions {
  readonly level: LogLevel
  readonly format: 'auto' | 'text' | 'json'
  /** Path of a file, or `-` for standard error. */
  readonly file: string
}

export interface ArbiterLog extends Logger {
  write(level: LogLevel, message: string, fields?: LogFields): void
  /** Opens the log file anew, after a rotation. */
  reopen(): void
  /** Writes out what is buffered. */
  flush(): Promise<void>
}

export async function createLog(options: LogOptions): Promise<ArbiterLog> {
  const isStream = options.file === '-'
  const isText =
    options.format === 'text' || (options.format === 'auto' && isStream && process.stderr.isTTY === true)
  const destination = pino.destination({ dest: isStream ? 2 : options.file, sync: false })
  // A closed pipe or a full disk must not end the server.
  destination.on('error', () => {})
  const format = isText ? await createTextFormat(isStream && process.stderr.isTTY === true) : undefined
  const logger = pino(
    {
      level: options.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: label => ({ level: label }) },
    },
    format ? { write: (line: string) => void destination.write(format(line)) } : destination,
  )
  const write = (level: LogLevel, message: string, fields: LogFields = {}): void => {
    const { error, ...rest } = fields
    logger[level](error === undefined ? rest : { ...rest, error: describeError(error) }, message)
  }
  return {
    write,
    debug: (message, fields) => write('debug', message, fields),
    info: (message, fields) => write('info', message, fields),
    warn: (message, fields) => write('warn', message, fields),
    error: (message, fields) => write('error', message, fields),
    reopen: () => {
      if (!isStream) destination.reopen()
    },
    flush: () => new Promise(resolve => destination.flush(() => resolve())),
  }
}

/** An error with its stack and its causes. What comes from a worker is text already. */
function describeError(error: unknown): string {
  return typeof error === 'string' ? error : inspect(error, { depth: 4 })
}

/** `[time] LEVEL: message key=value`, and below it the error, if any. */
async function createTextFormat(isColoured: boolean): Promise<(line: string) => string> {
  const { prettyFactory } = await import('pino-pretty')
  return prettyFactory({
    colorize: isColoured,
    translateTime: 'SYS:yyyy-mm-dd HH:MM:ss.l o',
    hideObject: true,
    ignore: 'pid,hostname',
    messageFormat: (log, messageKey) => {
      const { [messageKey]: message, level: _level, time: _time, error, ...fields } = log
      const pairs = Object.entries(fields).map(([name, value]) => ` ${name}=${formatValue(value)}`)
      const below = typeof error === 'string' ? `\n${error.replace(/^/gm, '    ')}` : ''
      return `${String(message)}${pairs.join('')}${below}`
    },
  })
}

function formatValue(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return /[\s"=]/.test(text) && !text.startsWith('"') ? JSON.stringify(text) : text
}
