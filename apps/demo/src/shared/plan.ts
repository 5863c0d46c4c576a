/** What a load run has to do. Every plan is bounded: in requests, or in seconds. */
import * as v from 'valibot'
import { lanes } from './lane.js'
import { works } from './work.js'

/** The most requests in one burst. */
export const largestBurst = 40

/** The most seconds that a run may take. */
export const maxRun = 60

/** If absent, all groups. */
const someLanes = v.optional(v.pipe(v.array(v.picklist(lanes)), v.minLength(1)))

const seconds = v.pipe(v.number(), v.minValue(1), v.maxValue(maxRun))

export const planSchema = v.variant('type', [
  /** A number of requests to one group at once. */
  v.strictObject({
    type: v.literal('burst'),
    lane: v.picklist(lanes),
    work: v.picklist(works),
    count: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(largestBurst)),
  }),
  /** The same mixture of work on each group, one group after the other. `seconds` is the time for each. */
  v.strictObject({
    type: v.literal('mixed'),
    lanes: someLanes,
    seconds: v.pipe(seconds, v.maxValue(maxRun / lanes.length)),
  }),
  /** A quiet stream of fast requests to several groups at the same time. */
  v.strictObject({ type: v.literal('steady'), lanes: someLanes, seconds }),
])

export type Plan = v.InferOutput<typeof planSchema>
