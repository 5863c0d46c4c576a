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
      'It serves real requests beside all of the old workers. If workers of the new generation keep ending, are blocked or fail to boot, during this time or while the others are replaced, the reload goes back to the old generation. After an upgrade (`USR2`), all workers of the new arbiter serve beside those of the old one for the same time, on the same terms. With `reload`, there is no such time.',
  },
  canaryMaxErrors: {
    ...share,
    name: 'canaryMaxErrors',
    scope: 'group',
    flag: { long: '--canary-max-errors', metavar: 'SHARE' },
    default: 0,
    summary:
      'by how much the share of failed requests may exceed that of the old generation; 0 = not compared',
    details:
      'Compares the share of failed requests (`code="5xx"` in the metrics) of the new generation with that of the old one in the same `canarySeconds`. With 0.05, a reload goes back when 12 % of the new requests and 1 % of the old ones fail, but not when 12 % of both do. It goes back at once, even before the time is over, but never for fewer than 5 failed requests: those may be chance. Nothing is compared if `canarySeconds` is 0, after that time, or in an upgrade (`USR2`).',
  },
  maxSurge: {
    ...positiveCount,
    name: 'maxSurge',
    scope: 'group',
    flag: { long: '--max-surge', metavar: 'N' },
    default: 1,
    summary: 'workers beyond `workers` while a reload replaces them',
    details:
      'Old workers that are still finishing their requests do not count, and there is one more worker during `canarySeconds`. `maxProcesses` limits them all.',
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
      'For machines with little memory: a new worker is started only when an old one has ended. A reload then takes as long as the requests that old workers are finishing. The number has to be at least one more than `workers` plus the spares of the worker class, and the group is never scaled beyond what it allows. During an upgrade (`USR2`), each arbiter may have that many.',
  },
  exclusive: {
    ...onOrOff,
    name: 'exclusive',
    scope: 'group',
    flag: { long: '--exclusive' },
    default: false,
    summary: 'a worker serves only when the one that it replaces has ended',
    details:
      'For work that must not run twice, such as queue consumers and scheduled jobs. Applies to reloads, recycling and crashes: the successor boots and stands by, the predecessor drains and ends, then the successor serves. One worker is missing meanwhile. `canarySeconds` has no effect. During an upgrade (`USR2`), both arbiters have their workers.',
  },
}
