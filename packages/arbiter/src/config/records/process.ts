import { mask } from '../number-kinds.js'
import type { SomeRecords } from '../setting-record.js'
import { filledText, text } from '../text-kinds.js'

/** The arbiter as a process. */
export const processRecords: SomeRecords<'chdir' | 'pidfile' | 'umask' | 'procName'> = {
  chdir: {
    ...filledText,
    name: 'chdir',
    scope: 'arbiter',
    flag: { long: '--chdir', metavar: 'PATH' },
    default: '.',
    defaultText: 'the current directory',
    summary: 'directory to work in',
    details: 'Relative paths are resolved from it; given as a flag, also the path of the config file.',
  },
  pidfile: {
    ...text,
    name: 'pidfile',
    scope: 'arbiter',
    flag: { long: '--pid', short: '-p', metavar: 'FILE' },
    default: '',
    defaultText: 'none',
    summary: "file for the arbiter's process id",
  },
  umask: {
    ...mask,
    name: 'umask',
    scope: 'arbiter',
    flag: { long: '--umask', short: '-m', metavar: 'MASK' },
    default: -1,
    defaultText: 'unchanged',
    show: value => (Number(value) < 0 ? String(value) : `0o${Number(value).toString(8).padStart(3, '0')}`),
    summary: 'file mode creation mask, octal',
    details: 'A number in a config file is taken as it is, so write it as `0o022`.',
  },
  procName: {
    ...filledText,
    name: 'procName',
    scope: 'arbiter',
    flag: { long: '--name', short: '-n', metavar: 'NAME' },
    default: 'tunicorn',
    summary: 'name in process titles',
  },
}
