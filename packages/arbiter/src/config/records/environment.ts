import type { SomeRecords } from '../setting-record.js'
import { nodeOptions, paths, variables } from '../text-kinds.js'

/** What the processes of workers are started with. */
export const environmentRecords: SomeRecords<'env' | 'envFile' | 'nodeOptions'> = {
  env: {
    ...variables,
    name: 'env',
    scope: 'group',
    flag: { long: '--env', short: '-e', metavar: 'KEY=VALUE', repeatable: true },
    merge: 'keys',
    default: {},
    defaultText: 'none',
    summary: 'an environment variable of the workers',
    details: "Wins over the arbiter's own environment, and that over `envFile`.",
  },
  envFile: {
    ...paths,
    name: 'envFile',
    scope: 'group',
    flag: { long: '--env-file', metavar: 'FILE', repeatable: true },
    default: [],
    defaultText: 'none',
    summary: 'file with environment variables of the workers',
    details:
      "Read as Node.js reads it, and again on every reload: new workers have the new values, and no deleted ones. A later file wins over an earlier one, the arbiter's own environment over all of them, and `env` over that. A file that cannot be read ends the start; on a reload the workers stay as they are. The arbiter takes no setting from it: a `PORT` in it reaches the app, which may `listen` at it, and not `bind`. Node.js 20 itself insists that a file behind `--env-file` on the command line exists, seen from the current directory: with `--chdir`, name it in the config file.",
  },
  nodeOptions: {
    ...nodeOptions,
    name: 'nodeOptions',
    scope: 'group',
    flag: { long: '--node-option', metavar: 'OPTION', repeatable: true },
    default: [],
    defaultText: 'none',
    summary: 'option of Node.js for the workers',
    details:
      "For workers and their threads, and not for the arbiter: `['--import', './otel.mjs', '--max-old-space-size=512']`. Relative paths are relative to `chdir`. Workers also have the options that the arbiter was started with (`node --import ./otel.mjs … tunicorn`), but for `--env-file`: what it has set is in their environment.",
  },
}
