import type { SomeRecords } from '../setting-record.js'
import { choice, filledText } from '../text-kinds.js'

/** What is logged, how and where. */
export const loggingRecords: SomeRecords<'errorLog' | 'logLevel' | 'logFormat'> = {
  errorLog: {
    ...filledText,
    name: 'errorLog',
    scope: 'arbiter',
    flag: { long: '--error-logfile', metavar: 'FILE' },
    default: '-',
    summary: 'file for the log; - is standard error',
  },
  logLevel: {
    ...choice(['debug', 'info', 'warn', 'error']),
    name: 'logLevel',
    scope: 'arbiter',
    flag: { long: '--log-level', metavar: 'LEVEL' },
    default: 'info',
    summary: 'debug, info, warn or error',
  },
  logFormat: {
    ...choice(['auto', 'text', 'json']),
    name: 'logFormat',
    scope: 'arbiter',
    flag: { long: '--log-format', metavar: 'FORMAT' },
    default: 'auto',
    summary: 'auto, text or json',
    details: '`auto` is text on a terminal and JSON elsewhere.',
  },
}
