/** The log for people. What its lines contain comes from anywhere, and must not look like a line of its own. */
import { escapeControls, escapeInLines } from './escape-controls.js'

/** `[time] LEVEL: message key=value`, and below it the error, if any. */
export async function createTextFormat(isColoured: boolean): Promise<(line: string) => string> {
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
