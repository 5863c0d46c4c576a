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
    details: "Takes precedence over the arbiter's own environment, which takes precedence over `envFile`.",
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
      "Parsed as Node.js parses it, and read again on every reload: new workers have the new values, and no deleted ones. A later file takes precedence over an earlier one, the arbiter's own environment over all files, and `env` over that. If a file cannot be read, the start fails, or on a reload the workers stay unchanged. The arbiter takes no setting from the file: a `PORT` in it reaches the app, which may `listen` on it, but not `bind`. Node.js 20 itself requires that a file given with `--env-file` on the command line exists relative to the current directory: with `--chdir`, name it in the config file.",
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
      "For workers and their threads, not for the arbiter: `['--import', './otel.mjs', '--max-old-space-size=512']`. Relative paths are relative to `chdir`. Workers also get the options that the arbiter was started with (`node --import ./otel.mjs … tunicorn`), except `--env-file`: the variables that it set are in their environment already.",
  },
}
