import { defaultAccessFormat } from '../../access-log/access-format.js'
import type { SomeRecords } from '../setting-record.js'
import { accessFormat, choice, filledText, loggedFields, onOrOff, skipPatterns, text } from '../text-kinds.js'

/** What is logged, how and where. */
export const loggingRecords: SomeRecords<
  | 'accessLog'
  | 'accessLogFormat'
  | 'accessLogFields'
  | 'accessLogSkip'
  | 'captureOutput'
  | 'errorLog'
  | 'logLevel'
  | 'logFormat'
> = {
  accessLog: {
    ...text,
    name: 'accessLog',
    scope: 'group',
    flag: { long: '--access-logfile', metavar: 'FILE' },
    default: '',
    defaultText: 'none',
    summary: 'file with a line for every request; - is standard output',
    details:
      'A path is relative to `chdir`. Several workers and groups may write to one file. See [logging](logging.md).',
  },
  accessLogFormat: {
    ...accessFormat,
    name: 'accessLogFormat',
    scope: 'group',
    flag: { long: '--access-logformat', metavar: 'FORMAT' },
    default: defaultAccessFormat,
    summary: "text with Gunicorn's atoms, or json",
    details: 'The atoms are listed in [logging](logging.md#atoms).',
  },
  accessLogFields: {
    ...loggedFields,
    name: 'accessLogFields',
    scope: 'group',
    flag: { long: '--access-log-fields', metavar: 'LIST', repeatable: true },
    default: [],
    defaultText: 'none',
    summary: 'header fields of the request that JSON lines include in `headers`',
    details:
      'One text may hold several, separated by commas. `Authorization` and `Proxy-Authorization` are refused. The text format has `%({NAME}i)s` for them.',
  },
  accessLogSkip: {
    ...skipPatterns,
    name: 'accessLogSkip',
    scope: 'group',
    flag: { long: '--access-log-skip', metavar: 'LIST', repeatable: true },
    default: [],
    defaultText: 'none',
    summary: 'paths and user agents whose requests get no line, such as /healthz, /probe/* or kube-probe/',
    details:
      'One text may hold several, separated by commas. An entry that begins with `/` is a path without the query, or the beginning of one if it ends with `*`; any other entry is the beginning of a `User-Agent`. The metrics still count these requests.',
  },
  captureOutput: {
    ...onOrOff,
    name: 'captureOutput',
    scope: 'group',
    flag: { long: '--capture-output' },
    default: false,
    summary: 'what the app prints goes to the log, line by line',
    details:
      'Each line says which worker printed it. Without this setting, workers use the standard output and error of the arbiter.',
  },
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
