import type { SomeRecords } from '../setting-record.js'
import { onOrOff, paths } from '../text-kinds.js'

/** What helps while an app is being written. */
export const developmentRecords: SomeRecords<'reload' | 'reloadExtraFiles'> = {
  reload: {
    ...onOrOff,
    name: 'reload',
    scope: 'arbiter',
    flag: { long: '--reload' },
    default: false,
    summary: 'reload when code changes',
    details:
      "For development. Watches the code (JavaScript, TypeScript, JSON, native and WebAssembly modules) in the app's directory and below, but not in `node_modules` nor in directories whose name begins with a dot, and the config file. Code that does not boot is reported, and the code before it goes on serving. Only the command watches; an arbiter that is embedded in a program does not.",
  },
  reloadExtraFiles: {
    ...paths,
    name: 'reloadExtraFiles',
    scope: 'arbiter',
    flag: { long: '--reload-extra-file', metavar: 'PATH', repeatable: true },
    default: [],
    defaultText: 'none',
    summary: 'file or directory that `reload` also watches',
    details: 'Whatever its name: a template, `.env`.',
  },
}
