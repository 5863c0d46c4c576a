/** Looks at the load of groups that scale with it, and logs what follows from it. */
import type { Logger } from '../contract/logger.js'
import type { Autoscale } from './autoscale.js'
import { applyLoad } from './autoscale-events.js'
import { type ArbiterState, type GroupState, policyFor, wantedGeneration } from './state.js'

export interface AutoscalerParts {
  readonly state: ArbiterState
  readonly log: Logger
  /** Memory of the arbiter. */
  ownBytes(): number
}

export class Autoscaler {
  readonly #parts: AutoscalerParts
  /** What each group wanted at the last look. */
  readonly #last = new Map<string, Autoscale>()
  /** Groups that were scaled by hand, after that was logged. */
  readonly #resting = new Set<string>()

  constructor(parts: AutoscalerParts) {
    this.#parts = parts
  }

  /** Does nothing where no group has the setting. */
  look(now: number): void {
    const { state, ownBytes } = this.#parts
    const groups = [...state.groups.values()].filter(hasAutoscale)
    if (groups.length === 0 && this.#last.size === 0) return
    applyLoad(state, now, ownBytes)
    for (const group of groups) this.#tell(group)
    const names = new Set(groups.map(({ name }) => name))
    for (const name of this.#last.keys()) if (!names.has(name)) this.#forget(name)
  }

  #forget(name: string): void {
    this.#last.delete(name)
    this.#resting.delete(name)
  }

  #tell({ name, autoscale, isScaledByHand }: GroupState): void {
    const fields = this.#parts.state.groups.size > 1 ? { group: name } : {}
    const { log } = this.#parts
    if (isScaledByHand !== this.#resting.has(name)) {
      if (isScaledByHand) this.#resting.add(name)
      else this.#resting.delete(name)
      log.info(
        isScaledByHand ? 'Autoscale is off until the next reload: scaled by hand' : 'Autoscale is on again',
        fields,
      )
    }
    const last = this.#last.get(name)
    if (!autoscale) return
    this.#last.set(name, autoscale)
    if (!last || isScaledByHand) return
    const { workers, reason, isShortOfMemory, load } = autoscale
    if (workers !== last.workers)
      log.info(`Autoscale: ${workersText(workers)}, before: ${last.workers}: ${reason.text}`, {
        ...fields,
        workers,
        load: rounded(load),
      })
    else if (isShortOfMemory && !last.isShortOfMemory)
      log.warn(
        `Autoscale: no more than ${workersText(workers)}: \`maxRssTotal\` leaves no room for another one`,
        {
          ...fields,
          workers,
          load: rounded(load),
        },
      )
  }
}

function hasAutoscale(group: GroupState): boolean {
  return policyFor(group, wantedGeneration(group)).autoscale !== undefined
}

function workersText(workers: number): string {
  return workers === 1 ? '1 worker' : `${workers} workers`
}

function rounded(load: number): number {
  return Math.round(load * 100) / 100
}
