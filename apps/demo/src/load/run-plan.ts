/** Turns a plan into clients. */
import { type Lane, lanes } from '../shared/lane.js'
import type { Plan } from '../shared/plan.js'
import type { Progress } from '../shared/progress.js'
import { type Client, runLaneLoad } from './lane-load.js'
import type { Target } from './request.js'

/** Somebody waits for a quick answer while others wait for I/O and for the processor. */
const mixture: readonly Client[] = [
  { work: 'fast', restMs: 20 },
  { work: 'fast', restMs: 20 },
  { work: 'io', restMs: 0 },
  { work: 'io', restMs: 0 },
  { work: 'cpu', restMs: 0 },
  { work: 'cpu', restMs: 0 },
]

/** Slow enough that even a process per request is no burden. */
const steady: readonly Client[] = [{ work: 'fast', restMs: 250 }]

export interface PlanRun {
  readonly plan: Plan
  readonly targetOf: (lane: Lane) => Target
  readonly report: (progress: Progress) => void
}

/** Resolves when all requests have ended. */
export async function runPlan({ plan, targetOf, report }: PlanRun): Promise<void> {
  const run = (lane: Lane, clients: readonly Client[], durationMs?: number): Promise<void> =>
    runLaneLoad({
      lane,
      target: targetOf(lane),
      clients,
      report,
      ...(durationMs !== undefined && { durationMs }),
    })
  switch (plan.type) {
    case 'burst': {
      const client: Client = { work: plan.work, restMs: 0, requests: 1 }
      await run(plan.lane, Array<Client>(plan.count).fill(client))
      break
    }
    case 'mixed':
      // One after the other: at the same time they would compete for the processors, and the figures would say more
      // about the machine than about the classes.
      for (const lane of plan.lanes ?? lanes) await run(lane, mixture, plan.seconds * 1_000)
      break
    case 'steady':
      await Promise.all((plan.lanes ?? lanes).map(lane => run(lane, steady, plan.seconds * 1_000)))
      break
    default:
      assertNever(plan)
  }
  report({ type: 'done' })
}

function assertNever(plan: never): never {
  throw new TypeError(`There is no plan ${JSON.stringify(plan)}`)
}
