import { count, positiveCount } from '../number-kinds.js'
import type { SomeRecords } from '../setting-record.js'

/** How a new generation replaces the old one. */
export const rolloutRecords: SomeRecords<'maxSurge' | 'maxUnavailable'> = {
  maxSurge: {
    ...positiveCount,
    name: 'maxSurge',
    scope: 'group',
    flag: { long: '--max-surge', metavar: 'N' },
    default: 1,
    summary: 'workers beyond `workers` while a reload replaces them',
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
}
