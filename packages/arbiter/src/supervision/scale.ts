/** Orders to change the number of workers. Pure. */

import { TunicornError } from '../errors.js'
import { applyScale } from './order-events.js'
import { type ArbiterState, type GroupState, isCanary, targetOf, wantedWorkers } from './state.js'

/** The largest number in an order. A larger one can only be a mistake: each worker is a process. */
export const maxScaled = 1_000

export type ScaleOrder = ScaleTarget & {
  /** Absent: every group. */
  readonly group?: string | undefined
}

type ScaleTarget =
  | { readonly type: 'by'; readonly workers: number }
  | { readonly type: 'to'; readonly workers: number }

/** A group whose number of workers was set by an order, perhaps to the same as before. */
export interface ScaledGroup {
  readonly name: string
  readonly from: number
  readonly to: number
  /** Its number of workers followed the load, and no longer does until the next reload. @default false */
  readonly isAutoscaleOff?: boolean
}

/** Changes the targets. No group gets fewer than one worker. @throws TunicornError `GROUP_UNKNOWN` */
export function scale(state: ArbiterState, order: ScaleOrder): readonly ScaledGroup[] {
  return groupsOf(state, order.group).map(group => {
    const from = targetOf(group)
    applyScale(group, order.type === 'by' ? order.workers : order.workers - from)
    const { name, isScaledByHand } = group
    return { name, from, to: targetOf(group), ...(isScaledByHand && { isAutoscaleOff: true }) }
  })
}

/** How many starts have failed in each group since the last success. */
export function failuresOf(state: ArbiterState, groups: readonly ScaledGroup[]): ReadonlyMap<string, number> {
  return new Map(groups.map(({ name }) => [name, state.groups.get(name)?.budget.failures ?? 0] as const))
}

/**
 * Whether each of the groups serves with as many workers as it should, and surplus workers are gone.
 *
 * @param before how many failed starts each had at the time of the order
 * @throws TunicornError `ARBITER_STOPPED`, `GROUP_UNKNOWN`, `BOOT_FAILED` when that will not happen
 */
export function isScaled(state: ArbiterState, before: ReadonlyMap<string, number>): boolean {
  if (state.stop) throw new TunicornError('ARBITER_STOPPED', 'The arbiter was stopped')
  return [...before].every(([name, failures]) => {
    const [group] = groupsOf(state, name)
    if (group && group.budget.failures > failures)
      throw new TunicornError(
        'BOOT_FAILED',
        `A worker of the group ${name} did not become ready; see the log`,
      )
    return group !== undefined && hasItsWorkers(state, group)
  })
}

function hasItsWorkers(state: ArbiterState, group: GroupState): boolean {
  const rows = state.table.rowsOf(group.name)
  const isGoing = rows.some(row => row.drain?.reason.kind === 'scale')
  const serving = rows.filter(row => row.state === 'serving' && !row.killed && !isCanary(group, row))
  return !isGoing && serving.length === wantedWorkers(state, group)
}

function groupsOf({ groups, leaving }: ArbiterState, name: string | undefined): readonly GroupState[] {
  const present = [...groups.values()].filter(group => !leaving.has(group.name))
  if (name === undefined) return present
  const found = present.filter(group => group.name === name)
  if (found.length > 0) return found
  const list = present.map(group => group.name).join(', ')
  throw new TunicornError('GROUP_UNKNOWN', `There is no group ${JSON.stringify(name)}; there are: ${list}`)
}
