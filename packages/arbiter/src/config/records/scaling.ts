import { memory, workerBounds } from '../number-kinds.js'
import type { SomeRecords } from '../setting-record.js'

/** How the number of workers follows their load. */
export const scalingRecords: SomeRecords<'autoscale' | 'maxRssTotal'> = {
  autoscale: {
    ...workerBounds,
    name: 'autoscale',
    scope: 'group',
    flag: { long: '--autoscale', metavar: 'MIN-MAX' },
    default: 'off',
    summary: 'let the number of workers follow their load, as `2-8` or `1-auto`',
    details:
      'More within seconds of a load, fewer one by one once they would have done for a while; see [scaling](scaling.md). The group begins with `workers`, or with `min` where that is not given, and `maxRssTotal` bounds it. `auto` is the available parallelism.',
  },
  maxRssTotal: {
    ...memory,
    name: 'maxRssTotal',
    scope: 'arbiter',
    flag: { long: '--max-rss-total', metavar: 'SIZE' },
    default: 0,
    summary:
      'memory that all processes together may have for `autoscale` to add a worker, as `2gb`; 0 = no limit',
    details:
      'Of all groups, the arbiter, and workers that drain. One more worker of the usual size and a quarter has to fit; above the limit the groups that scale give workers back, one by one, down to `min`. It bounds `autoscale` alone: neither `workers`, what is scaled by hand, nor a reload.',
  },
}
