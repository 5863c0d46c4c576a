/** Requests per second of several contenders, measured in turns, so that what disturbs the machine disturbs all of them. */
import { setTimeout as delay } from 'node:timers/promises'
import { type Contender, type RunningContender, start } from './contender.js'
import { median, ratiosByRound } from './median.js'
import { processorTimeUs } from './processor-time.js'
import type { Bench, Measurement } from './row.js'
import { describeRatios, verdictOf } from './verdict.js'

export interface ThroughputPlan {
  /** The first is the baseline, the second is Tunicorn; the others are printed as notes. */
  readonly contenders: readonly [Contender, Contender, ...Contender[]]
  readonly keepAlive: boolean
  /** Servers on core 0, load on core 1. */
  readonly isPinned: boolean
  /** Lowest ratio to the baseline. */
  readonly target: number
  /** Path of the requests. @default '/' */
  readonly path?: string
  /** Connections at once. @default 32 */
  readonly connections?: number
  /** Sends POST requests with a body of this many bytes. */
  readonly bodyBytes?: number
  /** How long the servers wait for their first request. @default 0 */
  readonly idleSeconds?: number
  /** A kind of load other than HTTP requests. Resolves with its rate per second. */
  load?(url: string, seconds: number): Promise<number>
}

const WARM_UP_SECONDS = 1

/** What each contender did, by round. */
type Samples = ReadonlyMap<Contender, Sample[]>

interface Sample {
  /** Requests per second. */
  readonly rate: number
  /** Processor time of the server for one request, in microseconds. Unknown where there is no `/proc`. */
  readonly costUs: number | undefined
}

export async function compareThroughput(bench: Bench, plan: ThroughputPlan): Promise<Measurement> {
  const samples: Samples = new Map(plan.contenders.map(contender => [contender, []]))
  for (let count = 1; count <= bench.starts; count++) {
    if (bench.starts > 1) bench.progress(`start ${count}/${bench.starts}`)
    await measureOnce(bench, plan, samples)
  }
  return summarize(plan, samples)
}

/** Starts all contenders, and ends them when every round has been measured. */
async function measureOnce(bench: Bench, plan: ThroughputPlan, samples: Samples): Promise<void> {
  const running: RunningContender[] = []
  try {
    for (const contender of plan.contenders) running.push(await start(contender, plan.isPinned))
    await delay((plan.idleSeconds ?? 0) * 1000)
    await measureInTurns(bench, plan, { running, samples })
  } finally {
    for (const server of running) await server[Symbol.asyncDispose]()
  }
}

/** Every other round runs backwards, so that no contender always goes first. */
async function measureInTurns(
  bench: Bench,
  plan: ThroughputPlan,
  { running, samples }: { readonly running: readonly RunningContender[]; readonly samples: Samples },
): Promise<void> {
  const { keepAlive, isPinned, path = '', connections, bodyBytes } = plan
  const load = (url: string, seconds: number): Promise<number> =>
    plan.load?.(url, seconds) ??
    bench.loadTool.run({ url: url + path, seconds, keepAlive, isPinned, connections, bodyBytes })
  for (const { url } of running) await load(url, WARM_UP_SECONDS)

  for (let round = 0; round < bench.rounds; round++) {
    for (const server of round % 2 === 0 ? running : [...running].reverse()) {
      const sample = await measure(server, bench.seconds, load)
      samples.get(server.contender)?.push(sample)
      bench.progress(`round ${round + 1}/${bench.rounds}: ${server.contender.name} ${describeSample(sample)}`)
    }
  }
}

async function measure(
  { process: { pid }, url }: RunningContender,
  seconds: number,
  load: (url: string, seconds: number) => Promise<number>,
): Promise<Sample> {
  const before = processorTimeUs(pid)
  const rate = await load(url, seconds)
  const after = processorTimeUs(pid)
  const usedUs = before === undefined || after === undefined ? 0 : after - before
  return { rate, costUs: usedUs > 0 ? usedUs / (rate * seconds) : undefined }
}

function summarize(plan: ThroughputPlan, samples: Samples): Measurement {
  const [baseline, tunicorn, ...others] = plan.contenders
  const of = (contender: Contender): readonly Sample[] => samples.get(contender) ?? []
  const comparison = compare(of(tunicorn), of(baseline))
  // On a core of its own, a server is as fast as its requests are cheap. Other work on the machine disturbs only the rate.
  const isByCost = plan.isPinned && comparison.costs !== undefined
  const ratios = (isByCost ? comparison.costs : undefined) ?? comparison.rates
  return {
    baseline: `${baseline.name} ${describeMedian(of(baseline))}`,
    tunicorn: describeMedian(of(tunicorn)),
    result: describe(comparison),
    target: `≥ ${plan.target.toFixed(2)} in ${isByCost ? 'processor time' : 'rate'}`,
    isReached: verdictOf(ratios, plan.target),
    notes: others.map(
      other => `${other.name}: ${describeMedian(of(other))}, ${describe(compare(of(other), of(baseline)))}`,
    ),
  }
}

interface Comparison {
  readonly rates: readonly number[]
  /** Above 1: a request costs less than with the baseline. */
  readonly costs: readonly number[] | undefined
}

function compare(samples: readonly Sample[], baseline: readonly Sample[]): Comparison {
  const rates = ratiosByRound(
    samples.map(({ rate }) => rate),
    baseline.map(({ rate }) => rate),
  )
  const [costs, base] = [costsOf(samples), costsOf(baseline)]
  return { rates, costs: costs && base && ratiosByRound(base, costs) }
}

function costsOf(samples: readonly Sample[]): readonly number[] | undefined {
  const costs = samples.flatMap(({ costUs }) => costUs ?? [])
  return costs.length === samples.length ? costs : undefined
}

function describe({ rates, costs }: Comparison): string {
  const rate = `rate ${describeRatios(rates)}`
  return costs ? `processor time ${describeRatios(costs)}, ${rate}` : rate
}

function describeMedian(samples: readonly Sample[]): string {
  const costs = costsOf(samples)
  return describeSample({
    rate: median(samples.map(({ rate }) => rate)),
    costUs: costs && median(costs),
  })
}

function describeSample({ rate, costUs }: Sample): string {
  return `${Math.round(rate)}/s${costUs === undefined ? '' : `, ${costUs.toFixed(1)} µs each`}`
}
