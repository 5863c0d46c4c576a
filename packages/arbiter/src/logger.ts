/** The arbiter's log: text for people, JSON elsewhere; one line shape; never blocks the arbiter. */
import { closeSync, openSync } from 'node:fs'
import { inspect } from 'node:util'
import type { LogFields, Logger } from './contract/logger.js'
import { TunicornError } from './errors.js'
import { escapeControls, escapeInLines } from './escape-controls.js'
import type { LogLevel } from './protocol/messages.js'

export interface LogOptions {
  readonly level: LogLevel
  readonly format: 'auto' | 'text' | 'json'
  /** Path of a file, or `-` for standard error. */
  readonly file: string
}

export interface ArbiterLog extends Logger {
  write(level: LogLevel, message: string, fields?: LogFields): void
  /**
   * Loads what writes the lines; until then they are kept. Apart from the creation, so that it can be done while the
   * workers boot.
   */
  open(): Promise<void>
  /** Opens the log file anew, after a rotation. */
  reopen(): void
  /** Writes out what is buffered. */
  flush(): Promise<void>
}

interface Sink {
  write(level: LogLevel, message: string, fields: LogFields): void
  reopen(): void
  flush(): Promise<void>
}

/** @throws TunicornError `LOG_FAILED` when the file cannot be written */
export function createLog(options: LogOptions): ArbiterLog {
  requireWritable(options.file)
  const kept: Parameters<Sink['write']>[] = []
  let sink: Sink | undefined
  let opening: Promise<void> | undefined
  const open = (): Promise<void> => {
    opening ??= openSink(options).then(opened => {
      sink = opened
      for (const line of kept.splice(0)) opened.write(...line)
    })
    return opening
  }
  const write = (level: LogLevel, message: string, fields: LogFields = {}): void => {
    if (sink) sink.write(level, message, fields)
    else kept.push([level, message, fields])
  }
  return {
    write,
    open,
    debug: (message, fields) => write('debug', message, fields),
    info: (message, fields) => write('info', message, fields),
    warn: (message, fields) => write('warn', message, fields),
    error: (message, fields) => write('error', message, fields),
    reopen: () => sink?.reopen(),
    flush: async () => {
      await open()
      await sink?.flush()
    },
  }
}

/** What opens the file later does so without telling anybody when it fails. */
function requireWritable(file: string): void {
  if (file === '-') return
  try {
    closeSync(openSync(file, 'a', 0o600))
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new TunicornError('LOG_FAILED', `The log file ${file} could not be opened: ${why}`, { cause })
  }
}

async function openSink({ level, format, file }: LogOptions): Promise<Sink> {
  const { pino } = await import('pino')
  const isStream = file === '-'
  const isTerminal = isStream && process.stderr.isTTY === true
  const destination = pino.destination({ dest: isStream ? 2 : file, sync: false })
  // A closed pipe or a full disk must not end the server.
  destination.on('error', () => {})
  const toText =
    format === 'text' || (format === 'auto' && isTerminal) ? await createTextFormat(isTerminal) : undefined
  const logger = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: label => ({ level: label }) },
    },
    toText ? { write: (line: string) => void destination.write(toText(line)) } : destination,
  )
  return {
    write(lineLevel, message, { error, ...others }) {
      const fields = withoutReserved(others)
      logger[lineLevel](error === undefined ? fields : { ...fields, error: describeError(error) }, message)
    },
    reopen: () => {
      if (!isStream) destination.reopen()
    },
    flush: () => new Promise(resolve => destination.flush(() => resolve())),
  }
}

const reserved: ReadonlySet<string> = new Set(['level', 'time', 'msg'])

/** A worker names its own fields, and must not name one that a reader takes for the log's. */
function withoutReserved(fields: LogFields): LogFields {
  const names = Object.keys(fields)
  if (!names.some(name => reserved.has(name))) return fields
  return Object.fromEntries(names.map(name => [reserved.has(name) ? `${name}_` : name, fields[name]]))
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
      const below = typeof error === 'string' ? `\n${escapeInLines(error).replace(/^/gm, '    ')}` : ''
      return `${escapeControls(`${String(message)}${pairs.join('')}`)}${below}`
    },
  })
}

function formatValue(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return /[\s"=]/.test(text) && !text.startsWith('"') ? JSON.stringify(text) : text
}
