/** What only two statuses together show: how much is done per second, and how quickly. Pure. */
import type { DurationsStatus, GroupStatus, ServerStatus } from '@tunicorn/arbiter/control'
import type { GroupTraffic, Traffic } from '../ctl/view.js'

export interface Sample {
  /** Milliseconds of a monotonic clock. */
  readonly at: number
  readonly status: ServerStatus
}

/** Workers report their figures once a second. Over a window with too few of those reports, a rate would be a matter of luck. */
const windowMs = 5_000

/** The relevant samples, oldest first: those of this arbiter, from the last few seconds. */
export function withSample(samples: readonly Sample[], sample: Sample): readonly Sample[] {
  const { pid, startedAt } = sample.status.arbiter
  const isOfArbiter = ({ status: { arbiter } }: Sample): boolean =>
    arbiter.pid === pid && arbiter.startedAt === startedAt
  const kept = samples.filter(each => isOfArbiter(each) && sample.at - each.at <= windowMs)
  return [...kept, sample]
}

export function trafficOf(samples: readonly Sample[]): Traffic {
  const [first] = samples
  const last = samples.at(-1)
  if (!first || !last || last.at <= first.at) return { groups: new Map(), workers: new Map() }
  const seconds = (last.at - first.at) / 1_000
  const groups = last.status.groups.map((group): readonly [string, GroupTraffic] => {
    const before = first.status.groups.find(({ name }) => name === group.name)
    return [group.name, before ? groupTraffic(before, group, seconds) : {}]
  })
  const before = new Map(
    first.status.groups.flatMap(({ workers }) => workers.map(({ age, requests }) => [age, requests])),
  )
  const workers = last.status.groups.flatMap(group =>
    group.workers.map(({ age, requests }): readonly [number, number] => [
      age,
      // A worker that was spawned meanwhile began at 0.
      Math.max(0, requests - (before.get(age) ?? 0)) / seconds,
    ]),
  )
  return { groups: new Map(groups), workers: new Map(workers) }
}

function groupTraffic(before: GroupStatus, after: GroupStatus, seconds: number): GroupTraffic {
  const counts = after.durations.counts.map((count, index) =>
    Math.max(0, count - (before.durations.counts[index] ?? 0)),
  )
  const ended = counts.reduce((sum, count) => sum + count, 0)
  // A server of an earlier version does not report how long requests took.
  if (counts.length === 0) return {}
  const perSecond = ended / seconds
  if (ended === 0) return { perSecond }
  const { bounds } = after.durations
  return { perSecond, p50: boundOf({ bounds, counts }, 0.5), p99: boundOf({ bounds, counts }, 0.99) }
}

/** Only the bucket that contains this share of the requests is known. No value is interpolated within it. */
function boundOf({ bounds, counts }: DurationsStatus, share: number): string {
  const rank = Math.ceil(share * counts.reduce((sum, count) => sum + count, 0))
  let seen = 0
  const index = counts.findIndex(count => {
    seen += count
    return seen >= rank
  })
  const bound = bounds[index]
  return bound === undefined ? `> ${duration(bounds.at(-1) ?? 0)}` : `≤ ${duration(bound)}`
}

function duration(seconds: number): string {
  return seconds < 1 ? `${seconds * 1_000} ms` : `${seconds} s`
}
