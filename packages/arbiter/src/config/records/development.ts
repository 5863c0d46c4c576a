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
      "For development. Watches the config file, and the code (JavaScript, TypeScript, JSON, native and WebAssembly modules) in the app's directory and below, except in `node_modules` and in directories whose name begins with a dot. Code that does not boot is reported, and the previous code goes on serving. Only the command watches; an arbiter that is embedded in a program does not.",
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
      'It may have any name: a template, `.env`. A link that starts to point elsewhere is noticed too, as in a Kubernetes ConfigMap. Patterns are not supported: name the directory. Where the system does not report changes, as on network drives, the environment variable `CHOKIDAR_USEPOLLING=1` makes the command poll all files instead.',
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
      'For a directory that the app writes code or JSON into, or one with so many files that the system runs out of watches. Nothing in it is watched, except what `reloadExtraFiles` names. Patterns are not supported.',
  },
  inspect: {
    ...inspectorAddress,
    name: 'inspect',
    scope: 'arbiter',
    flag: { long: '--inspect', metavar: '[HOST:]PORT', isValueOptional: true },
    default: inspectorOff,
    summary: 'debug: one worker, with its inspector on this port',
    details:
      'Without a value, the flag means port 9229; without a host, it means the loopback address. Each group has one worker, and no timeout, canary window or limit ends it: `workers` is 1, and `timeout`, `bootTimeout`, `canarySeconds`, `maxRequests`, `maxAge` and `maxRss` are 0, whatever they were set to. After a reload, the new worker has the port. Each further group has the next port. A host that other machines can reach is refused unless it was typed on the command line: anyone who can reach an inspector can run code in the worker. See [debugging](debugging.md).',
  },
  inspectBrk: {
    ...inspectorAddress,
    name: 'inspectBrk',
    scope: 'arbiter',
    flag: { long: '--inspect-brk', metavar: '[HOST:]PORT', isValueOptional: true },
    default: inspectorOff,
    summary: 'like `inspect`, and wait at the first line of the app',
    details:
      'A worker loads its app once a debugger is attached, and pauses where the app begins. This setting takes precedence over `inspect`.',
  },
}
