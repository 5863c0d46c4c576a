/** The guided minute: it does to the server, under load, what goes wrong in production, and shows the outcome. */
import type { ExitStatus, ServerStatus, WorkerStack, WorkerStatus } from '@tunicorn/arbiter/control'
import { type Lane, lanes } from '../../shared/lane.js'
import type { LaneSummary, Progress } from '../../shared/progress.js'
import type { Work } from '../../shared/work.js'
import type { LiveStatus, SeenStatus } from '../live-status.js'
import type { MixedLoad } from '../mixed-load.js'
import type { Orders } from '../orders.js'
import { silenceOf } from '../silence.js'
import { newReload } from '../status-changes.js'
import type { Tally } from '../tally.js'
import { SteadyLoad } from './steady-load.js'
import type { TourStep, Verdict } from './tour-step.js'
import {
  blockedVerdict,
  brokenVerdict,
  deployVerdict,
  killedVerdict,
  type LoadTotals,
  leakVerdict,
  lostVerdict,
  quickVerdict,
  stackLines,
} from './verdicts.js'

export interface TourParts {
  readonly orders: Orders
  readonly live: LiveStatus
  readonly tally: Tally
  readonly mixed: MixedLoad
  readonly count: (summary: LaneSummary) => void
  readonly begin: (step: TourStep) => void
  readonly end: (step: TourStep, verdict: Verdict) => void
  readonly showStack: (lines: readonly string[]) => void
}

/** Long enough to be seen. */
const firstLoadMs = 2_500
const leaks = 12
/** Requests that come while nobody is there to take them. */
const queued = 8
const retryMs = 100
/** For each of two classes. */
const mixedSeconds = 5

export class Tour {
  readonly #parts: TourParts
  readonly #signal: AbortSignal

  constructor(parts: TourParts, signal: AbortSignal) {
    this.#parts = parts
    this.#signal = signal
  }

  /** Resolves after the last step. @throws Error when a step could not be done, or the reason of the signal */
  async run(): Promise<void> {
    await this.#show('lost', () => this.#load())
    await this.#show('deploy', () => this.#deploy())
    await this.#show('broken', () => this.#deployBroken())
    await this.#show('blocked', () => this.#block())
    await this.#show('killed', () => this.#kill())
    await this.#show('leak', () => this.#leak())
    await this.#show('quick', () => this.#compare())
  }

  async #show(step: TourStep, carryOut: () => Promise<Verdict>): Promise<void> {
    this.#parts.begin(step)
    const verdict = await carryOut()
    this.#signal.throwIfAborted()
    this.#parts.end(step, verdict)
  }

  async #load(): Promise<Verdict> {
    await this.#underLoad(lanes, () => pause(firstLoadMs, this.#signal))
    return lostVerdict(this.#parts.tally)
  }

  async #deploy(): Promise<Verdict> {
    const { status, tookMs, load } = await this.#reload(false)
    return deployVerdict(status, tookMs, load)
  }

  async #deployBroken(): Promise<Verdict> {
    const before = this.#parts.live.seen?.status.arbiter.generation ?? 0
    const { status, load } = await this.#reload(true)
    return brokenVerdict(status, before, load)
  }

  async #reload(
    isBroken: boolean,
  ): Promise<{ readonly status: ServerStatus; readonly tookMs: number; readonly load: LoadTotals }> {
    const { orders } = this.#parts
    const before = await this.#until(({ status }) => status)
    const { load, result } = await this.#underLoad(lanes, async () => {
      const start = performance.now()
      await orders.deploy(isBroken)
      const status = await this.#until(seen => (newReload(before, seen.status) ? seen.status : undefined))
      return { status, tookMs: performance.now() - start }
    })
    return { ...result, load }
  }

  async #block(): Promise<Verdict> {
    const { showStack } = this.#parts
    const worker = await this.#until(servingIn('live'))
    const start = performance.now()
    const { result } = await this.#underLoad(['isolated', 'web', 'cpu'], async () => {
      const request = this.#burst('live', 'block', 1)
      // This load comes when nobody is there to take it, so the kernel keeps it for the next worker.
      await this.#until(seen => isSilent(seen, worker.age))
      const waiting = this.#burst('live')
      const gone = this.#until(exitOf('live', worker.age))
      const stack = await this.#stackOf(worker, gone)
      showStack(stackLines(stack.stack))
      await gone
      const endedMs = performance.now() - start
      await request
      return blockedVerdict({ stack, endedMs, load: await waiting })
    })
    return result
  }

  async #kill(): Promise<Verdict> {
    const { orders } = this.#parts
    const worker = await this.#until(servingIn('cpu'))
    const start = performance.now()
    const { result } = await this.#underLoad(['isolated', 'web', 'live'], async () => {
      await orders.kill(worker.pid ?? 0)
      // A request that a killed process is working on is lost with it, whoever started that process. This is about the others.
      await this.#until(exitOf('cpu', worker.age))
      const waiting = this.#burst('cpu')
      await this.#until(servingIn('cpu'))
      const tookMs = performance.now() - start
      return killedVerdict(tookMs, await waiting)
    })
    return result
  }

  /** JavaScript that has run for seconds shows in the stack, but on a busy machine not at the first try. */
  async #stackOf({ pid }: WorkerStatus, gone: Promise<unknown>): Promise<WorkerStack> {
    const isGone = gone.then(() => true)
    for (;;) {
      const stack = await this.#parts.orders.stack(pid ?? 0)
      if (stack.state === 'running' || (await Promise.race([isGone, pause(retryMs, this.#signal)])) === true)
        return stack
    }
  }

  async #leak(): Promise<Verdict> {
    return leakVerdict(await this.#burst('isolated', 'leak', leaks))
  }

  /** Sends this many requests at once. Resolves when all have ended. */
  async #burst(lane: Lane, work: Work = 'fast', requests: number = queued): Promise<LaneSummary> {
    const { count, orders } = this.#parts
    const found: LaneSummary[] = []
    const report = (progress: Progress): void => {
      if (progress.type === 'summary') found.push(progress.summary)
    }
    await orders.run({ type: 'burst', lane, work, count: requests }, report, this.#signal)
    this.#signal.throwIfAborted()
    const [summary] = found
    if (!summary) throw new Error('The run has told nothing')
    count(summary)
    return summary
  }

  async #compare(): Promise<Verdict> {
    const summaries = await this.#parts.mixed.run(
      { type: 'mixed', lanes: ['web', 'cpu'], seconds: mixedSeconds },
      this.#signal,
    )
    this.#signal.throwIfAborted()
    const of = (lane: Lane): LaneSummary | undefined => summaries.find(each => each.lane === lane)
    const [loop, threads] = [of('web'), of('cpu')]
    if (!loop || !threads) throw new Error('The run has told nothing')
    return quickVerdict(loop, threads)
  }

  /** Does something while these groups are under load. */
  async #underLoad<Result>(
    lanes: readonly Lane[],
    act: () => Promise<Result>,
  ): Promise<{ readonly result: Result; readonly load: LoadTotals }> {
    const load = this.#loadOn(lanes)
    try {
      return { result: await act(), load: await load.stop() }
    } catch (error) {
      await load.stop().catch(() => {})
      throw error
    }
  }

  #loadOn(lanes: readonly Lane[]): SteadyLoad {
    const { count, orders } = this.#parts
    return new SteadyLoad({ orders, lanes, count, signal: this.#signal })
  }

  #until<Found>(find: (seen: SeenStatus) => Found | undefined): Promise<Found> {
    return this.#parts.live.until(find, this.#signal)
  }
}

function groupIn({ groups }: ServerStatus, lane: Lane): ServerStatus['groups'][number] | undefined {
  return groups.find(({ name }) => name === lane)
}

const servingIn =
  (lane: Lane) =>
  ({ status }: SeenStatus): WorkerStatus | undefined =>
    groupIn(status, lane)?.workers.find(({ state, reason }) => state === 'serving' && reason === null)

const exitOf =
  (lane: Lane, age: number) =>
  ({ status }: SeenStatus): ExitStatus | undefined =>
    groupIn(status, lane)?.exits.find(exit => exit.age === age)

function isSilent({ status, at }: SeenStatus, age: number): true | undefined {
  const workers = status.groups.flatMap(group => group.workers)
  const worker = workers.find(each => each.age === age)
  return worker && silenceOf(worker, at) !== undefined ? true : undefined
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      clearTimeout(timer)
      reject(signal.reason)
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', abort)
      resolve()
    }, ms)
    signal.addEventListener('abort', abort)
  })
}
