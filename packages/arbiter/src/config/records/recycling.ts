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
    details:
      'The replacement is ready before the worker drains. Worker classes may have a different default.',
  },
  maxRequestsJitter: {
    ...count,
    name: 'maxRequestsJitter',
    scope: 'worker',
    flag: { long: '--max-requests-jitter', metavar: 'N' },
    default: defaultWorkerSettings.maxRequestsJitter,
    summary: 'up to this many are added, at random per worker',
  },
  maxAge: {
    ...seconds,
    name: 'maxAge',
    scope: 'group',
    flag: { long: '--max-age', metavar: 'SECONDS' },
    default: 0,
    summary: 'seconds of service after which a worker is replaced; 0 = never',
    details: 'No worker is replaced before it has served for ten seconds.',
  },
  maxRss: {
    ...memory,
    name: 'maxRss',
    scope: 'group',
    flag: { long: '--max-rss', metavar: 'SIZE' },
    default: 0,
    summary: 'memory above which a worker is replaced, such as `512mb`; 0 = off',
    details:
      'No worker is replaced before it has served for ten seconds, unless its memory exceeds the limit by half. A limit that is too low must not cause a loop: if it is below what a worker has after its boot plus a quarter, that sum is the limit instead, and a warning is logged.',
  },
  maxRestarts: {
    ...count,
    name: 'maxRestarts',
    scope: 'group',
    flag: { long: '--max-restarts', metavar: 'N' },
    default: 0,
    summary: 'unasked ends of workers within `restartWindow` after which the server ends; 0 = never',
    details:
      'With one more than this in one group, all workers drain and the server ends with exit code 5, so that an orchestrator can start it elsewhere or alert somebody. Failed boots, exits, crashes and kills by the arbiter count. Kills from outside do not, nor do workers of a reload that can still be rolled back.',
  },
  restartWindow: {
    ...seconds,
    name: 'restartWindow',
    scope: 'group',
    flag: { long: '--restart-window', metavar: 'SECONDS' },
    default: 60,
    summary: 'time within which `maxRestarts` counts; 0 = since the start',
  },
}
