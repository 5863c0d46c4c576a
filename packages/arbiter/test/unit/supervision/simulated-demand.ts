/** A group whose only decision is how many workers it wants, in a world of a load curve, boots and memory. */
import {
  type Autoscale,
  type AutoscaleView,
  beginAutoscale,
  nextAutoscale,
} from '../../../src/supervision/autoscale.js'
import type { Dice } from './dice.js'

export interface Demand {
  readonly min: number
  readonly max: number
  readonly bootMs: number
  readonly seconds: number
  /** Work at this second, in workers that would be busy all the time. */
  offered(second: number): number
  /** How far a measurement may be from the truth, as a share of it. @default 0 */
  readonly noise?: number
  /** Bytes of a worker of this age. Absent: memory has no limit. */
  rss?(ageSeconds: number): number
  readonly rssLimit?: number
  /** Workers beyond so many do not boot. */
  readonly bootable?: number
  /** A worker ends unasked every so many seconds. */
  readonly crashSeconds?: number
}

export interface Course {
  /** `at`: seconds. */
  readonly changes: readonly {
    readonly at: number
    readonly from: number
    readonly to: number
    readonly kind: string
  }[]
  /** By second. */
  readonly wanted: readonly number[]
  /** The most that all processes had. */
  readonly mostMemory: number
  /** Seconds in which there was more work than workers. */
  readonly overloaded: number
}

const tickMs = 250
const mebibyte = 1_048_576

export function simulateDemand(demand: Demand, dice: Dice): Course {
  const { min, max, bootMs, seconds, noise = 0, crashSeconds, bootable = max, rssLimit = 0 } = demand
  let auto: Autoscale = beginAutoscale(min, 0)
  /** When each worker was started. */
  let born: number[] = Array.from({ length: min }, () => -bootMs)
  let measured = 0
  const changes: Course['changes'][number][] = []
  const wanted: number[] = []
  let mostMemory = 0
  let overloaded = 0
  for (let now = 0; now < seconds * 1_000; now += tickMs) {
    const second = now / 1_000
    while (born.length < auto.workers) born.push(now)
    born = born.slice(0, auto.workers)
    if (crashSeconds !== undefined && now > 0 && now % (crashSeconds * 1_000) === 0)
      born[dice.integer(0, born.length - 1)] = now
    const ready = born.filter((at, index) => now - at >= bootMs && index < bootable).length
    const offered = demand.offered(second)
    if (now % 1_000 === 0) {
      measured = Math.min(offered * (1 + dice.between(-noise, noise)), ready)
      wanted.push(auto.workers)
      if (offered > ready) overloaded += 1
    }
    const sizes = born.map(at => demand.rss?.((now - at) / 1_000) ?? 0)
    const used = sizes.reduce((sum, size) => sum + size, 50 * mebibyte)
    mostMemory = Math.max(mostMemory, used)
    const view: AutoscaleView = {
      now,
      min,
      max,
      ready,
      load: measured,
      bootMs,
      isFailing: auto.workers > bootable,
      mayGoBack: false,
      memory: demand.rss && { limit: rssLimit, used, size: median(sizes), isPassing: false },
    }
    const next = nextAutoscale(auto, view)
    if (next.workers !== auto.workers)
      changes.push({ at: second, from: auto.workers, to: next.workers, kind: next.reason.kind })
    auto = next
  }
  return { changes, wanted, mostMemory, overloaded }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}
