/** Reads a PM2 ecosystem file. */
import { posix } from 'node:path'
import { TunicornError } from '@tunicorn/arbiter/internal'
import { type ImportedConfig, noted, same, type Translate, translate } from './imported.js'

/** @throws TunicornError `CONFIG_INVALID` if it names no app */
export function fromPm2(value: unknown): ImportedConfig {
  const file = isObject(value) ? value : {}
  const listed = Array.isArray(value) ? value : Array.isArray(file.apps) ? file.apps : [file.apps ?? file]
  const apps = listed.filter(isObject).filter(app => typeof app.script === 'string')
  if (apps.length === 0)
    throw new TunicornError(
      'CONFIG_INVALID',
      'The file is no ecosystem file of PM2: it has no app with a `script`',
    )
  const notes = 'deploy' in file ? ['deploy: has no counterpart'] : []
  const [first, ...others] = apps
  if (first !== undefined && others.length === 0) {
    const { name, ...rest } = first
    const one = translate({ ...rest, script: specifier(rest, false) }, single)
    const titled = typeof name === 'string' ? { procName: name } : {}
    return { settings: { ...common, ...titled, ...one.settings }, notes: [...notes, ...one.notes] }
  }
  return severalApps(apps, notes)
}

function severalApps(apps: readonly PlainObject[], notes: string[]): ImportedConfig {
  const groups: Record<string, unknown> = {}
  for (const [index, app] of apps.entries()) {
    const { name, cwd: _, ...rest } = app
    const group = groupName(name, index, groups)
    const one = translate({ ...rest, script: specifier(app, true) }, table)
    groups[group] = one.settings
    notes.push(...one.notes.map(note => `${group}: ${note}`))
  }
  return { settings: { ...common, groups }, notes }
}

/** Many requests in one process, which is all that PM2 supports. */
const common = { workerClass: 'event-loop' }

type PlainObject = Readonly<Record<string, unknown>>

function isObject(value: unknown): value is PlainObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function groupName(name: unknown, index: number, taken: PlainObject): string {
  const legal = String(name ?? `app-${index + 1}`)
    .replaceAll(/[^a-z0-9_-]/gi, '-')
    .replace(/^[^a-z0-9]+/i, '')
  const base = legal === '' ? `app-${index + 1}` : legal
  return Object.hasOwn(taken, base) ? `${base}-${index + 1}` : base
}

/** A path to a file, never the name of a package. */
function specifier({ script, cwd }: PlainObject, isJoined: boolean): string {
  const path = isJoined && typeof cwd === 'string' ? posix.join(cwd, String(script)) : String(script)
  return posix.isAbsolute(path) || path.startsWith('.') ? path : `./${path}`
}

const replaced = noted(
  'workers that end are always replaced, after a pause that grows when they end too often',
)
const logs = noted(
  'the log goes to standard error, or to the file in `errorLog`; what the app prints goes there with `captureOutput`',
)

const seconds =
  (setting: string): Translate =>
  value =>
    Number.isFinite(Number(value))
      ? { setting, value: Number(value) / 1_000 }
      : { note: 'is not a number of milliseconds' }

const nodeOptions: Translate = value => ({
  setting: 'nodeOptions',
  value: Array.isArray(value) ? value.map(String) : String(value).split(/\s+/).filter(Boolean),
})

const onlyIf =
  (usual: unknown, note: string): Translate =>
  value =>
    value === usual ? undefined : { note }

const table: Readonly<Record<string, Translate>> = {
  script: same('app'),
  instances: value => {
    if (value === 'max' || Number(value) === 0) return { setting: 'workers', value: 'auto' }
    const count = Number(value)
    if (Number.isInteger(count) && count > 0) return { setting: 'workers', value: count }
    return { note: '`workers` takes a number of one or more, or `auto`' }
  },
  exec_mode: value =>
    ['cluster', 'cluster_mode', 'fork', 'fork_mode'].includes(String(value))
      ? undefined
      : { note: 'is not known' },
  env: value => ({
    setting: 'env',
    value: Object.fromEntries(
      Object.entries(isObject(value) ? value : {}).map(([key, each]) => [key, String(each)]),
    ),
  }),
  env_file: same('envFile'),
  node_args: nodeOptions,
  interpreter_args: nodeOptions,
  interpreter: onlyIf('node', 'workers run with the Node.js that runs the command'),
  max_memory_restart: value => {
    const [, digits, unit = ''] = /^(\d+)([KMG]?)B?$/i.exec(String(value)) ?? []
    if (digits === undefined) return { note: 'is not a size' }
    return { setting: 'maxRss', value: `${digits}${unit === '' ? 'b' : `${unit.toLowerCase()}b`}` }
  },
  kill_timeout: seconds('gracefulTimeout'),
  listen_timeout: seconds('bootTimeout'),
  wait_ready: same('waitReady'),
  autorestart: onlyIf(true, 'workers that end are always replaced'),
  min_uptime: replaced,
  max_restarts: replaced,
  restart_delay: replaced,
  exp_backoff_restart_delay: replaced,
  cron_restart: noted('`maxAge` replaces workers after a time, one by one; or send HUP from cron'),
  instance_var: onlyIf('NODE_APP_INSTANCE', 'NODE_APP_INSTANCE is set, and TUNICORN_SLOT'),
  args: noted('an app is given no arguments: use `env`'),
  error_file: logs,
  out_file: logs,
  log_file: logs,
  merge_logs: () => undefined,
  time: () => undefined,
}

const single: Readonly<Record<string, Translate>> = {
  ...table,
  cwd: same('chdir'),
  uid: same('user'),
  gid: same('group'),
  watch: value => {
    if (value === false) return undefined
    return value === true
      ? { setting: 'reload', value: true }
      : { note: 'use `reload`, and `reloadExtraFiles` for what is not code' }
  },
}
