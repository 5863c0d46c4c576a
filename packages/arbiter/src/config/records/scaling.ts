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
    summary: 'let the number of workers follow their load, such as `2-8` or `1-auto`',
    details:
      'Workers are added within seconds of a load, and removed one by one once fewer would have sufficed for a while; see [scaling](scaling.md). The group begins with `workers`, or with `min` if that is not given, and `maxRssTotal` limits it. `auto` is the available parallelism.',
  },
  maxRssTotal: {
    ...memory,
    name: 'maxRssTotal',
    scope: 'arbiter',
    flag: { long: '--max-rss-total', metavar: 'SIZE' },
    default: 0,
    summary:
      'total memory of all processes within which `autoscale` may add a worker, such as `2gb`; 0 = no limit',
    details:
      'Counts all groups, the arbiter, and workers that drain. One more worker of the usual size plus a quarter has to fit. Above the limit, the groups that scale give up workers one by one, down to `min`. It limits only `autoscale`, not `workers`, scaling by hand or a reload.',
  },
}
