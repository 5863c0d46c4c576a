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
  user: {
    ...account,
    name: 'user',
    scope: 'arbiter',
    flag: { long: '--user', short: '-u', metavar: 'USER' },
    default: '',
    defaultText: 'unchanged',
    summary: 'user that workers run as',
    details:
      "A name or a number; needs an arbiter that runs as root. Every worker becomes this user, with the user's own group and all further ones, before it loads anything of yours; its environment stays the arbiter's, `HOME` too. The arbiter stays root, and so do the config file and worker classes that it imports, and modules that `NODE_OPTIONS` preloads into workers.",
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
      "A name or a number; needs an arbiter that runs as root. It takes the place of the user's own group, which workers are then not in; the further groups of the user, those of `/etc/group`, stay.",
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
