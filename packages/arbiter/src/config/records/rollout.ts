import { count, positiveCount, seconds, share } from '../number-kinds.js'
import type { SomeRecords } from '../setting-record.js'
import { onOrOff } from '../text-kinds.js'

/** How a new generation replaces the old one. */
export const rolloutRecords: SomeRecords<
  'canarySeconds' | 'canaryMaxErrors' | 'maxSurge' | 'maxUnavailable' | 'maxProcesses' | 'exclusive'
> = {
  canarySeconds: {
    ...seconds,
    name: 'canarySeconds',
    scope: 'group',
    flag: { long: '--canary-seconds', metavar: 'SECONDS' },
    default: 5,
    summary: 'how long the first new worker of a reload serves before the others are replaced; 0 = off',
    details:
      'It serves real requests beside all of the old workers. When workers of the new generation keep ending, are blocked or fail to boot, in this time or while the others are replaced, the reload goes back to the old generation. After an upgrade (`USR2`) all workers of the new arbiter serve beside those of the old one for as long, on the same terms. With `reload` there is no such time.',
  },
  canaryMaxErrors: {
    ...share,
    name: 'canaryMaxErrors',
    scope: 'group',
    flag: { long: '--canary-max-errors', metavar: 'SHARE' },
    default: 0,
    summary: 'by how much more of the new than of the old requests may fail in that time; 0 = not compared',
    details:
      'Compares the share of requests that fail, as `code="5xx"` of the metrics counts them, of the new generation with that of the old one in the same `canarySeconds`. With 0.05, a reload goes back when 12 % of the new requests fail and 1 % of the old ones, and not when 12 % of both do. At once, also before the time is over, but never for fewer than 5 failed requests: those are chance. Where `canarySeconds` is 0, after it, and in an upgrade (`USR2`) nothing is compared.',
  },
  maxSurge: {
    ...positiveCount,
    name: 'maxSurge',
    scope: 'group',
    flag: { long: '--max-surge', metavar: 'N' },
    default: 1,
    summary: 'workers beyond `workers` while a reload replaces them',
    details:
      'Old workers that still finish their requests do not count, and one more is there for `canarySeconds`: `maxProcesses` bounds them all.',
  },
  maxUnavailable: {
    ...count,
    name: 'maxUnavailable',
    scope: 'group',
    flag: { long: '--max-unavailable', metavar: 'N' },
    default: 0,
    summary: 'workers that may be missing while a reload replaces them',
    details:
      'The new generation has to boot once before the first worker of the old one leaves, whatever the number.',
  },
  maxProcesses: {
    ...count,
    name: 'maxProcesses',
    scope: 'group',
    flag: { long: '--max-processes', metavar: 'N' },
    default: 0,
    summary: 'processes of a group at a time, draining ones included; 0 = no limit',
    details:
      'For machines with little memory: a new worker is started only when an old one has ended. A reload then takes as long as the requests that old workers finish. At least one more than `workers` and the spares of the worker class, and the group is scaled to no more than that allows. During an upgrade (`USR2`) each arbiter has so many.',
  },
  exclusive: {
    ...onOrOff,
    name: 'exclusive',
    scope: 'group',
    flag: { long: '--exclusive' },
    default: false,
    summary: 'a worker serves only when the one that it replaces has ended',
    details:
      'For what must not run twice: queue consumers, scheduled jobs. Holds for reloads, recycling and crashes: the successor boots and stands by, the predecessor drains and ends, then the successor serves; for that time one worker is missing. `canarySeconds` has no effect. During an upgrade (`USR2`) both arbiters have their workers.',
  },
}
