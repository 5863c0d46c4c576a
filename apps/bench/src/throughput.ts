/** Requests per second of several contenders, measured in turns so that what disturbs the machine disturbs all. */
import { setTimeout as delay } from 'node:timers/promises'
import { type Contender, type RunningContender, start } from './contender.js'
import { median, ratiosByRound } from './median.js'
import type { Bench, Measurement } from './row.js'

export interface ThroughputPlan {
  /** The first is the baseline, the second is Tunicorn; the others are printed as notes. */
  readonly contenders: readonly [Contender, Contender, ...Contender[]]
  readonly keepAlive: boolean
  /** Servers on core 0, load on core 1. */
  readonly isPinned: boolean
  /** Lowest ratio to the baseline. */
  readonly target: number
  /** What is asked for. @default '/' */
  readonly path?: string
  /** Connections at once. @default 32 */
  readonly connections?: number
  /** Sends POST requests with a body of so many bytes. */
  readonly bodyBytes?: number
  /** How long the servers wait for their first request. @default 0 */
  readonly idleSeconds?: number
  /** Another kind of load than HTTP requests: resolves with its rate per second. */
  load?(url: string, seconds: number): Promise<number>
}

const WARM_UP_SECONDS = 1

/** The rates of each contender, by round. */
type Rates = ReadonlyMap<Contender, number[]>

export async function compareThroughput(bench: Bench, plan: ThroughputPlan): Promise<Measurement> {
  const rates: Rates = new Map(plan.contenders.map(contender => [contender, []]))
  for (let count = 1; count <= bench.starts; count++) {
    if (bench.starts > 1) bench.progress(`start ${count}/${bench.starts}`)
    await measureOnce(bench, plan, rates)
  }
  return summarize(plan, rates)
}

/** Starts all contenders and ends them when every round is measured. */
async function measureOnce(bench: Bench, plan: ThroughputPlan, rates: Rates): Promise<void> {
  const running: RunningContender[] = []
  try {
    for (const contender of plan.contenders) running.push(await start(contender, plan.isPinned))
    await delay((plan.idleSeconds ?? 0) * 1000)
    await measureInTurns(bench, plan, { running, rates })
  } finally {
    for (const server of running) await server[Symbol.asyncDispose]()
  }
}

/** Every other round runs backwards, so that nobody always goes first. */
async function measureInTurns(
  bench: Bench,
  plan: ThroughputPlan,
  { running, rates }: { readonly running: readonly RunningContender[]; readonly rates: Rates },
): Promise<void> {
  const { keepAlive, isPinned, path = '', connections, bodyBytes } = plan
  const load = (url: string, seconds: number): Promise<number> =>
    plan.load?.(url, seconds) ??
    bench.loadTool.run({ url: url + path, seconds, keepAlive, isPinned, connections, bodyBytes })
  for (const { url } of running) await load(url, WARM_UP_SECONDS)

  for (let round = 0; round < bench.rounds; round++) {
    for (const { contender, url } of round % 2 === 0 ? running : [...running].reverse()) {
      const rate = await load(url, bench.seconds)
      rates.get(contender)?.push(rate)
      bench.progress(`round ${round + 1}/${bench.rounds}: ${contender.name} ${Math.round(rate)}/s`)
    }
  }
}

function summarize(plan: ThroughputPlan, rates: Rates): Measurement {
  const [baseline, tunicorn, ...others] = plan.contenders
  const ratesOf = (contender: Contender): readonly number[] => rates.get(contender) ?? []
  const ratiosOf = (contender: Contender): readonly number[] =>
    ratiosByRound(ratesOf(contender), ratesOf(baseline))
  const rate = (contender: Contender): string => `${Math.round(median(ratesOf(contender)))}/s`
  return {
    baseline: `${baseline.name} ${rate(baseline)}`,
    tunicorn: rate(tunicorn),
    result: describe(ratiosOf(tunicorn)),
    target: `≥ ${plan.target.toFixed(2)}`,
    isReached: median(ratiosOf(tunicorn)) >= plan.target,
    notes: others.map(other => `${other.name}: ${rate(other)}, ${describe(ratiosOf(other))}`),
  }
}

/** The median, and how far the rounds were apart: far apart means that the machine was busy. */
function describe(ratios: readonly number[]): string {
  const [low, high] = [Math.min(...ratios), Math.max(...ratios)]
  return `× ${median(ratios).toFixed(3)} (${low.toFixed(2)} to ${high.toFixed(2)})`
}
