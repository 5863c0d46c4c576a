import { defaultWorkerSettings } from '../../contract/default-settings.js'
import { count, memory, seconds } from '../number-kinds.js'
import type { SomeRecords } from '../setting-record.js'

/** When a worker is replaced by a fresh one, and when no more. */
export const recyclingRecords: SomeRecords<
  'maxRequests' | 'maxRequestsJitter' | 'maxAge' | 'maxRss' | 'maxRestarts' | 'restartWindow'
> = {
  maxRequests: {
    ...count,
    name: 'maxRequests',
    scope: 'worker',
    flag: { long: '--max-requests', metavar: 'N' },
    default: defaultWorkerSettings.maxRequests,
    summary: 'requests after which a worker is replaced; 0 = never',
    details: 'The replacement is ready before the worker drains. Worker classes may have another default.',
  },
  maxRequestsJitter: {
    ...count,
    name: 'maxRequestsJitter',
    scope: 'worker',
    flag: { long: '--max-requests-jitter', metavar: 'N' },
    default: defaultWorkerSettings.maxRequestsJitter,
    summary: 'up to so many are added, at random per worker',
  },
  maxAge: {
    ...seconds,
    name: 'maxAge',
    scope: 'group',
    flag: { long: '--max-age', metavar: 'SECONDS' },
    default: 0,
    summary: 'seconds of service after which a worker is replaced; 0 = never',
    details: 'Not before a worker has served for ten seconds.',
  },
  maxRss: {
    ...memory,
    name: 'maxRss',
    scope: 'group',
    flag: { long: '--max-rss', metavar: 'SIZE' },
    default: 0,
    summary: 'memory above which a worker is replaced, as `512mb`; 0 = off',
    details:
      'Not before a worker has served for ten seconds, unless it has half as much again. A limit below what a worker has after its boot and a quarter more must not become a loop: that is the limit then, which a warning says.',
  },
  maxRestarts: {
    ...count,
    name: 'maxRestarts',
    scope: 'group',
    flag: { long: '--max-restarts', metavar: 'N' },
    default: 0,
    summary: 'unasked ends of workers within `restartWindow` that end the server; 0 = never',
    details:
      'One more than these in one group, and all workers drain and the server ends with exit code 5, for an orchestrator that starts it elsewhere or rings somebody. Counts are failed boots, exits, crashes, and kills by the arbiter; not kills from outside, nor workers of a reload that can still be rolled back.',
  },
  restartWindow: {
    ...seconds,
    name: 'restartWindow',
    scope: 'group',
    flag: { long: '--restart-window', metavar: 'SECONDS' },
    default: 60,
    summary: 'time in which `maxRestarts` counts; 0 = since the start',
  },
}
