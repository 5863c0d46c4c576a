/** The number of workers of a group, and the bounds within which it follows their load. Pure. */
import { clamp } from '../clamp.js'
import type { GroupSettings, ResolvedGroup } from './settings.js'

export interface WorkerNumbers extends Pick<ResolvedGroup, 'workers' | 'autoscale'> {
  readonly warnings: readonly string[]
}

/** `isGiven`: the user has set the number of workers. `parallelism`: the value of `auto`. */
export function workerNumbers(
  { workers, autoscale }: Pick<GroupSettings, 'workers' | 'autoscale'>,
  { isGiven, parallelism }: { readonly isGiven: boolean; readonly parallelism: number },
): WorkerNumbers {
  const numberOf = (count: number | 'auto'): number => (count === 'auto' ? parallelism : count)
  const asked = numberOf(workers)
  if (autoscale === 'off') return { workers: asked, warnings: [] }
  const min = numberOf(autoscale.min)
  // `auto` may be fewer than the minimum that was set.
  const bounds = { min, max: Math.max(min, numberOf(autoscale.max)) }
  if (!isGiven) return { workers: min, autoscale: bounds, warnings: [] }
  const first = clamp(asked, bounds.min, bounds.max)
  const warning = `\`workers\` is ${asked}, and \`autoscale\` allows ${bounds.min} to ${bounds.max}: it begins with ${first}`
  return { workers: first, autoscale: bounds, warnings: first === asked ? [] : [warning] }
}
