/** Reads the simple assignments of a `gunicorn.conf.py` as text. Nothing of it is executed. */
import { type ImportedConfig, noted, same, type Translate, translate } from './imported.js'

export function fromGunicorn(text: string): ImportedConfig {
  const values: Record<string, unknown> = {}
  const notes: string[] = []
  for (const statement of statements(text)) {
    const [, name, right = ''] = /^([A-Za-z_]\w*)\s*(?::[^=]+)?=(?!=)\s*([\s\S]+)$/.exec(statement) ?? []
    const value = name === undefined ? undefined : pythonLiteral(right)
    if (name !== undefined && value !== undefined) values[name] = value.value
    else if (!/^(?:import|from)\s/.test(statement))
      notes.push(`${firstLine(statement)}: is not a simple assignment`)
  }
  const { settings, notes: others } = translate(values, table)
  return { settings, notes: [...others, ...notes] }
}

function firstLine(statement: string): string {
  return statement.split('\n', 1)[0] ?? ''
}

/** Each statement begins in the first column, and includes the lines that belong to it. */
function statements(text: string): readonly string[] {
  const found: string[] = []
  for (const line of text.split(/\r?\n/)) {
    if (/^\s*(?:#.*)?$/.test(line)) continue
    const last = found.at(-1)
    if (last !== undefined && /^[\s)\]}]/.test(line)) found[found.length - 1] = `${last}\n${line}`
    else found.push(line)
  }
  return found
}

/** A string, a number, `True`, `False`, `None`, or a list of those. `undefined` for anything else. */
function pythonLiteral(source: string): { readonly value: unknown } | undefined {
  const tokens = source
    .match(/"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|#.*|[\w.+-]+|\S/g)
    ?.filter(token => !token.startsWith('#'))
  if (!tokens) return undefined
  const [open] = tokens
  if (open !== '[' && open !== '(') return tokens.length === 1 ? scalar(open ?? '') : undefined
  if (tokens.at(-1) !== (open === '[' ? ']' : ')')) return undefined
  const inner = tokens.slice(1, -1)
  const values = inner.filter((_, index) => index % 2 === 0).map(scalar)
  const isList = inner.every((token, index) => index % 2 === 0 || token === ',')
  // In parentheses, a single string without a comma is just that string.
  if (open === '(' && inner.length === 1) return values[0]
  return isList && !values.includes(undefined) ? { value: values.map(each => each?.value) } : undefined
}

const words = new Map<string, unknown>([
  ['True', true],
  ['False', false],
  ['None', null],
])

function scalar(token: string): { readonly value: unknown } | undefined {
  if (words.has(token)) return { value: words.get(token) }
  if (/^0o[0-7]+$|^[+-]?(?:\d+\.?\d*|\.\d+)$/.test(token)) return { value: Number(token) }
  const [, , inner] = /^(["'])([\s\S]*)\1$/.exec(token) ?? []
  // Escapes beyond the common ones are not interpreted.
  if (inner === undefined || /\\[^\\'"n t]/.test(inner)) return undefined
  return {
    value: inner.replaceAll(/\\(.)/g, (_, escaped: string) =>
      escaped === 'n' ? '\n' : escaped === 't' ? '\t' : escaped,
    ),
  }
}

/** `None` is the default of Gunicorn, and of Tunicorn. */
const given =
  (setting: string): Translate =>
  value =>
    value === null ? undefined : { setting, value }

const levels = new Map([
  ['warning', 'warn'],
  ['critical', 'error'],
])

const table: Readonly<Record<string, Translate>> = {
  bind: given('bind'),
  workers: same('workers'),
  worker_class: value =>
    /uvicorn/i.test(String(value))
      ? { setting: 'workerClass', value: 'asgi' }
      : ['sync', 'gthread', 'gevent', 'eventlet'].includes(String(value))
        ? { setting: 'workerClass', value }
        : { note: 'has no counterpart; see `tunicorn classes`' },
  threads: value => ({
    note: `with the worker class \`thread-pool\`: workerOptions: { threads: ${String(value)} }`,
  }),
  worker_connections: same('workerConnections'),
  max_requests: same('maxRequests'),
  max_requests_jitter: same('maxRequestsJitter'),
  timeout: same('timeout'),
  graceful_timeout: same('gracefulTimeout'),
  keepalive: same('keepAlive'),
  backlog: same('backlog'),
  limit_request_line: same('limitRequestLine'),
  limit_request_fields: same('limitRequestFields'),
  limit_request_field_size: same('limitRequestFieldSize'),
  proxy_protocol: value => ({
    setting: 'proxyProtocol',
    value: typeof value === 'boolean' ? (value ? 'auto' : 'off') : value,
  }),
  header_map: value => ({ setting: 'headerMap', value: value === 'dangerous' ? 'keep' : value }),
  forwarded_allow_ips: same('forwardedAllowIps'),
  chdir: given('chdir'),
  pidfile: given('pidfile'),
  user: given('user'),
  group: given('group'),
  umask: same('umask'),
  proc_name: given('procName'),
  accesslog: given('accessLog'),
  access_log_format: same('accessLogFormat'),
  errorlog: given('errorLog'),
  loglevel: value => ({ setting: 'logLevel', value: levels.get(String(value)) ?? value }),
  capture_output: same('captureOutput'),
  statsd_host: value =>
    String(value).startsWith('unix:')
      ? { note: 'metrics are sent to StatsD by UDP only' }
      : given('statsdHost')(value),
  statsd_prefix: same('statsdPrefix'),
  dogstatsd_tags: same('dogstatsdTags'),
  reload: same('reload'),
  reload_extra_files: same('reloadExtraFiles'),
  raw_env: value => ({
    setting: 'env',
    value: Object.fromEntries(
      (Array.isArray(value) ? value : [value]).map(
        pair => /^([^=]*)=?([\s\S]*)$/.exec(String(pair))?.slice(1) ?? [],
      ),
    ),
  }),
  wsgi_app: noted('name the app on the command line, or as `app`'),
  preload_app: noted('every worker loads the app by itself: processes of Node.js share no memory'),
  daemon: noted('use systemd or a container'),
}
