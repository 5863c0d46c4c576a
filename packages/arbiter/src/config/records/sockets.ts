import { positiveCount } from '../number-kinds.js'
import type { SomeRecords } from '../setting-record.js'
import { addresses, peers } from '../text-kinds.js'

/** Where connections come from. */
export const socketRecords: SomeRecords<'bind' | 'backlog' | 'forwardedAllowIps'> = {
  bind: {
    ...addresses,
    name: 'bind',
    scope: 'group',
    flag: { long: '--bind', short: '-b', metavar: 'ADDRESS', repeatable: true },
    variable: { name: 'PORT', parse: port => `0.0.0.0:${port}`, meaning: 'binds `0.0.0.0:$PORT`' },
    default: ['127.0.0.1:8000'],
    summary: 'HOST:PORT, :PORT, [v6]:PORT, unix:PATH or fd://N',
    details: 'Port 0 takes a free port; the log shows which. `:PORT` binds every IPv4 address.',
  },
  backlog: {
    ...positiveCount,
    name: 'backlog',
    scope: 'worker',
    flag: { long: '--backlog', metavar: 'N' },
    default: 2048,
    summary: "length of the kernel's accept queue",
  },
  forwardedAllowIps: {
    ...peers,
    name: 'forwardedAllowIps',
    scope: 'worker',
    flag: { long: '--forwarded-allow-ips', metavar: 'LIST', repeatable: true },
    variable: { name: 'FORWARDED_ALLOW_IPS' },
    default: ['127.0.0.1', '::1'],
    summary: 'peers whose forwarded headers are believed',
    details:
      'Addresses, CIDR ranges or `*`; several in one text are separated by commas. Peers on Unix sockets are always believed.',
  },
}
