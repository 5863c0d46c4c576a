import { inspectorAddress, inspectorOff } from '../inspector-address.js'
import type { SomeRecords } from '../setting-record.js'
import { onOrOff, paths } from '../text-kinds.js'

/** What helps while an app is being written. */
export const developmentRecords: SomeRecords<
  'reload' | 'reloadExtraFiles' | 'reloadIgnore' | 'inspect' | 'inspectBrk'
> = {
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
    details:
      'Whatever its name: a template, `.env`. A link is seen to lead elsewhere too, as in a ConfigMap of Kubernetes. Patterns are not understood: name the directory. Where the system does not tell of changes, as on network drives, the environment variable `CHOKIDAR_USEPOLLING=1` has all files looked at instead.',
  },
  reloadIgnore: {
    ...paths,
    name: 'reloadIgnore',
    scope: 'arbiter',
    flag: { long: '--reload-ignore', metavar: 'PATH', repeatable: true },
    default: [],
    defaultText: 'none',
    summary: 'file or directory that `reload` does not watch',
    details:
      'A directory that the app writes code or JSON into, or one with so many files that the system has no watches left for them: nothing in it is looked at, except what `reloadExtraFiles` names. Patterns are not understood.',
  },
  inspect: {
    ...inspectorAddress,
    name: 'inspect',
    scope: 'arbiter',
    flag: { long: '--inspect', metavar: '[HOST:]PORT', isValueOptional: true },
    default: inspectorOff,
    summary: 'debug: one worker, with its inspector at this port',
    details:
      'The flag without a value is port 9229; without a host it is that of the loopback address. Of each group there is one worker, and no timeout, canary window or limit ends it: `workers` is 1, and `timeout`, `bootTimeout`, `canarySeconds`, `maxRequests`, `maxAge` and `maxRss` are 0, whatever else they were set to. After a reload the new worker has the port. Each further group has the next port. A host that other machines reach is refused unless it was typed on the command line: whoever reaches an inspector can run code in the worker. See [debugging](debugging.md).',
  },
  inspectBrk: {
    ...inspectorAddress,
    name: 'inspectBrk',
    scope: 'arbiter',
    flag: { long: '--inspect-brk', metavar: '[HOST:]PORT', isValueOptional: true },
    default: inspectorOff,
    summary: 'as `inspect`, and wait at the first line of the app',
    details:
      'A worker loads its app once a debugger is attached, and pauses where the app begins. It counts before `inspect`.',
  },
}
