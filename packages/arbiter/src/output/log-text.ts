/** The log for people. The contents of its lines come from anywhere, and must not look like separate lines. */
import { styleText } from 'node:util'
import type { LogLevel } from '../contract/logger.js'
import { escapeControls, escapeInLines } from '../escape-controls.js'
import { utcOffset } from '../utc-offset.js'

/** A line of the JSON log. */
interface LogRecord extends Readonly<Record<string, unknown>> {
  readonly level: LogLevel
  readonly time: string
  readonly msg: string
  readonly error?: string
}

const colours = { debug: 'blue', info: 'green', warn: 'yellow', error: 'red' } as const

/** Formats a line of JSON as `[time] LEVEL: message key=value`, with the error, if any, below it. */
export function textFormat(isColoured: boolean): (line: string) => string {
  // The log already knows whether it writes to a terminal.
  const paint: typeof styleText = (colour, text) =>
    isColoured ? styleText(colour, text, { validateStream: false }) : text
  return line => {
    const { level, time, msg, error, ...fields }: LogRecord = JSON.parse(line)
    const pairs = Object.entries(fields).map(([name, value]) => ` ${name}=${formatValue(value)}`)
    const below = error === undefined ? '' : `\n${escapeInLines(error).replace(/^/gm, '    ')}`
    const label = paint(colours[level], level.toUpperCase())
    const text = paint('cyan', `${escapeControls(`${msg}${pairs.join('')}`)}${below}`)
    return `[${localTime(new Date(time))}] ${label}: ${text}\n`
  }
}

/** `2026-11-22 15:10:25.123 +0000` */
function localTime(time: Date): string {
  const shifted = new Date(time.getTime() - time.getTimezoneOffset() * 60_000)
  return `${shifted.toISOString().slice(0, -1).replace('T', ' ')} ${utcOffset(time)}`
}

function formatValue(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return /[\s"=]/.test(text) && !text.startsWith('"') ? JSON.stringify(text) : text
}
