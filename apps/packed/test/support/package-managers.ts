/** How users of each package manager install and run the command. */
import type { Verdaccio } from './verdaccio.js'

export interface PackageManager {
  readonly name: string
  /** The command that runs it, before its own arguments. */
  readonly command: readonly string[]
  readonly install: readonly string[]
  /** Before the name of an installed command. */
  readonly exec: readonly string[]
  /** What users add beside the packages of the quick start. */
  readonly extra: readonly string[]
  readonly env: (registry: Verdaccio) => Readonly<Record<string, string>>
}

const yarn = (linker: string): PackageManager => ({
  name: `Yarn (${linker})`,
  command: ['npx', '--yes', '@yarnpkg/cli-dist@4'],
  install: ['add'],
  exec: [],
  // Yarn installs no peers by itself.
  extra: ['@tunicorn/arbiter'],
  env: ({ url, env }) => ({
    ...env,
    YARN_NODE_LINKER: linker,
    YARN_NPM_REGISTRY_SERVER: url,
    YARN_UNSAFE_HTTP_WHITELIST: '127.0.0.1',
    YARN_ENABLE_TELEMETRY: '0',
    YARN_ENABLE_GLOBAL_CACHE: '0',
    // Where CI is set, it would not write a lock file. And what was published a moment ago is too young for it.
    YARN_ENABLE_IMMUTABLE_INSTALLS: '0',
    YARN_NPM_MINIMAL_AGE_GATE: '0',
  }),
})

export const packageManagers: readonly PackageManager[] = [
  {
    name: 'npm',
    command: ['npm'],
    install: ['install'],
    exec: ['exec', '--'],
    extra: [],
    env: ({ env }) => env,
  },
  {
    name: 'pnpm',
    command: ['npx', '--yes', 'pnpm@10'],
    install: ['add'],
    exec: ['exec'],
    extra: [],
    env: ({ env }) => env,
  },
  yarn('node-modules'),
  yarn('pnp'),
]
