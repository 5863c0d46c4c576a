/** How the cost of an idle server grows with its size: a table of steps, none of which may be worse than linear. */
import { type IdleCost, idleCost } from './idle-cost.js'
import type { IdleServer } from './idle-server.js'
import type { Bench, Measurement } from './row.js'

export interface GrowthPlan {
  /** What is counted, for example `workers`. */
  readonly unit: string
  /** Ascending. */
  readonly sizes: readonly number[]
  /** The most processor time that the arbiter may take at the largest size, in percent of a core. @default no limit */
  readonly maxArbiterPercent?: number
  /** Calls `observe` while a server of this size runs. */
  withServer(size: number, observe: (server: IdleServer) => Promise<IdleCost>): Promise<IdleCost>
}

/** What a busy machine adds to a figure. */
const tolerance = 1.1

export interface Step {
  readonly size: number
  readonly cost: IdleCost
}

export async function measureGrowth(bench: Bench, plan: GrowthPlan): Promise<Measurement> {
  const steps: Step[] = []
  for (const size of plan.sizes) {
    const cost = await plan.withServer(size, server => idleCost(server, bench))
    steps.push({ size, cost })
    bench.progress(`${size} ${plan.unit}: ${JSON.stringify(cost)}`)
  }
  return summarizeGrowth(steps, plan)
}

const figures: ReadonlyMap<keyof IdleCost, string> = new Map([
  ['arbiterPercent', "the arbiter's processor time"],
  ['arbiterMegabytes', "the arbiter's memory"],
  ['workersPercent', "the workers' processor time"],
  ['workersMegabytes', "the workers' memory"],
  ['kilobytesPerSecond', 'what the workers write'],
  ['statusMs', '`ctl status`'],
  ['metricsMs', 'metrics'],
])

/** How a figure grows from one size to the next. */
interface Growth {
  readonly name: string
  readonly from: number
  readonly to: number
  /** 1 if it grows as much as the size. */
  readonly ofLinear: number
}

export function summarizeGrowth(
  steps: readonly Step[],
  { unit, maxArbiterPercent }: Pick<GrowthPlan, 'unit' | 'maxArbiterPercent'>,
): Measurement {
  const [first, last] = [steps[0], steps.at(-1)]
  if (!first || !last) throw new RangeError('No sizes')
  const growths = steps.slice(1).flatMap((step, index) => growthsOf(steps[index] ?? first, step))
  const worst = growths.reduce((one, other) => (other.ofLinear > one.ofLinear ? other : one))
  const limit = maxArbiterPercent === undefined ? '' : `, arbiter < ${maxArbiterPercent} % of a core`
  return {
    baseline: `${first.size}: ${describe(first)}`,
    tunicorn: `${last.size}: ${describe(last)}`,
    result: `largest step × ${worst.ofLinear.toFixed(2)} of linear: ${worst.name}, ${worst.from} to ${worst.to}`,
    target: `no step above × ${tolerance} of linear${limit}`,
    isReached:
      worst.ofLinear <= tolerance &&
      last.cost.arbiterPercent < (maxArbiterPercent ?? Number.POSITIVE_INFINITY),
    steps: [headsOf(unit), ...steps.map(cellsOf)],
  }
}

function growthsOf(before: Step, after: Step): readonly Growth[] {
  const bySize = after.size / before.size
  return [...figures].map(([figure, name]) => ({
    name,
    from: before.size,
    to: after.size,
    ofLinear: after.cost[figure] / before.cost[figure] / bySize,
  }))
}

function describe({ cost }: Step): string {
  return `arbiter ${cost.arbiterPercent.toFixed(2)} %, ${cost.arbiterMegabytes.toFixed(0)} MB`
}

function headsOf(unit: string): readonly string[] {
  return [
    unit,
    'arbiter, % of a core',
    'arbiter, MB',
    'all workers, % of a core',
    'all workers, MB',
    'workers write, kB/s',
    '`ctl status`, ms',
    'metrics, ms',
  ]
}

function cellsOf({ size, cost }: Step): readonly string[] {
  return [
    String(size),
    cost.arbiterPercent.toFixed(2),
    cost.arbiterMegabytes.toFixed(1),
    cost.workersPercent.toFixed(2),
    cost.workersMegabytes.toFixed(1),
    cost.kilobytesPerSecond.toFixed(2),
    cost.statusMs.toFixed(0),
    cost.metricsMs.toFixed(1),
  ]
}
