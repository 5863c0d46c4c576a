import { mask, showOctal } from '../number-kinds.js'
import type { SomeRecords } from '../setting-record.js'
import { account, filledText, text } from '../text-kinds.js'

/** The arbiter as a process. */
export const processRecords: SomeRecords<'chdir' | 'pidfile' | 'user' | 'group' | 'umask' | 'procName'> = {
  chdir: {
    ...filledText,
    name: 'chdir',
    scope: 'arbiter',
    flag: { long: '--chdir', metavar: 'PATH' },
    default: '.',
    defaultText: 'the current directory',
    summary: 'directory to work in',
    details:
      'Relative paths are resolved from it. If this setting is given as a flag, so is the path of the config file.',
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
  user: {
    ...account,
    name: 'user',
    scope: 'arbiter',
    flag: { long: '--user', short: '-u', metavar: 'USER' },
    default: '',
    defaultText: 'unchanged',
    summary: 'user that workers run as',
    details:
      "A name or a number; the arbiter has to run as root. Every worker becomes this user, with the user's own group and all supplementary ones, before it loads any code of yours. Its environment stays that of the arbiter, including `HOME`. The arbiter stays root. The config file and worker classes that it imports therefore run as root, as do modules that `NODE_OPTIONS` preloads into workers.",
  },
  group: {
    ...account,
    name: 'group',
    scope: 'arbiter',
    flag: { long: '--group', short: '-g', metavar: 'GROUP' },
    default: '',
    defaultText: "the user's own, or unchanged",
    summary: 'group that workers run as',
    details:
      "A name or a number; the arbiter has to run as root. It replaces the user's own group, which workers are then not in; the user's supplementary groups, those in `/etc/group`, stay.",
  },
  umask: {
    ...mask,
    name: 'umask',
    scope: 'arbiter',
    flag: { long: '--umask', short: '-m', metavar: 'MASK' },
    default: -1,
    defaultText: 'unchanged',
    show: showOctal,
    summary: 'file mode creation mask, octal',
    details: 'A number in a config file is used unchanged, so write it as `0o022`.',
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
