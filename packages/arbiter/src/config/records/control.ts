import * as v from 'valibot'
import { adminOff, parseAdminAddress } from '../admin-address.js'
import type { SomeRecords } from '../setting-record.js'
import { statsdAddressOf } from '../statsd-address.js'
import { filledText, text } from '../text-kinds.js'
import { lastText } from '../value-kind.js'

/** How a running server is watched and steered. */
export const controlRecords: SomeRecords<
  'control' | 'admin' | 'statsdHost' | 'statsdPrefix' | 'dogstatsdTags'
> = {
  control: {
    ...filledText,
    expected: 'a path, "auto" or "off"',
    name: 'control',
    scope: 'arbiter',
    flag: { long: '--control', metavar: 'PATH' },
    default: 'auto',
    summary: 'Unix socket of the control API, auto or off',
    details:
      '`auto` is a socket named after the process id, in `$XDG_RUNTIME_DIR/tunicorn` or else `tunicorn-UID` in the directory for temporary files, where `tunicorn ctl` finds it. An arbiter that is embedded in a program opens it only with the option `signals`. Only the user of the arbiter may connect (directory 0700, socket 0600). If the socket cannot be opened, a warning is logged and the server runs without it. A change takes effect at the next start or upgrade.',
  },
  admin: {
    schema: v.pipe(
      v.string(),
      v.check(isAdmin, issue => adminProblem(issue.input)),
    ),
    expected: 'HOST:PORT, :PORT or "off"',
    parse: lastText,
    name: 'admin',
    scope: 'arbiter',
    flag: { long: '--admin', metavar: 'ADDRESS' },
    default: adminOff,
    summary: 'HOST:PORT for probes and metrics, or off',
    details:
      'The arbiter answers only `/livez`, `/readyz`, `/startupz` and `/metrics` there, over plain HTTP, to anyone who can reach the address. `:PORT` is `127.0.0.1:PORT`, so name a host, for example `0.0.0.0:9100`, for a platform that connects from outside. A reload changes the address, and keeps the old one if the new one cannot be bound. See `docs/metrics.md`.',
  },
  statsdHost: {
    schema: v.pipe(
      v.string(),
      v.check(value => value === '' || statsdAddressOf(value) !== undefined),
    ),
    expected: 'HOST:PORT, [v6]:PORT, HOST or an empty string',
    parse: lastText,
    name: 'statsdHost',
    scope: 'arbiter',
    flag: { long: '--statsd-host', metavar: 'HOST:PORT' },
    default: '',
    summary: 'StatsD server that the metrics are sent to over UDP',
    details:
      'Empty: off. The default port is 8125. The arbiter sends the figures of `/metrics` every 10 seconds, and also when the server begins to serve and when it ends. If they cannot be sent, a warning is logged. See `docs/metrics.md`.',
  },
  statsdPrefix: {
    ...text,
    name: 'statsdPrefix',
    scope: 'arbiter',
    flag: { long: '--statsd-prefix', metavar: 'PREFIX' },
    default: '',
    summary: 'prefix of the names of metrics for StatsD',
    details: 'A dot is appended if it does not end with one.',
  },
  dogstatsdTags: {
    ...text,
    name: 'dogstatsdTags',
    scope: 'arbiter',
    flag: { long: '--dogstatsd-tags', metavar: 'TAGS' },
    default: '',
    summary: 'tags for all metrics, in the format of DogStatsD: a:b,c:d',
    details:
      'With tags, the labels of a metric are sent as tags too. Without them, the labels become parts of its name, because plain StatsD has no tags.',
  },
}

function isAdmin(text: string): boolean {
  return adminProblem(text) === ''
}

function adminProblem(text: string): string {
  if (text === adminOff) return ''
  const parsed = parseAdminAddress(text)
  return parsed.ok ? '' : parsed.problem
}
