/** Whether a server that is starting has started. */
import { type ArbiterState, type GroupState, targetOf } from './state.js'
import type { WorkerRow } from './worker-table.js'

/**
 * Every group serves (or, when held, is in standby), and no worker that it has to wait for is still on its way there. Spares
 * are not waited for, because they come and go with the requests.
 */
export function isReady({ groups, table, isHeld }: ArbiterState): boolean {
  const wanted = isHeld ? 'standby' : 'serving'
  return [...groups.values()].every(group => isGroupReady(group, table.rowsOf(group.name), wanted))
}

function isGroupReady(group: GroupState, rows: readonly WorkerRow[], wanted: WorkerRow['state']): boolean {
  const there = rows.filter(({ state }) => state === wanted).length
  if (group.policy.spares > 0 && there >= targetOf(group)) return true
  const isSettled = rows.every(({ state }) => state === wanted || state === 'draining' || state === 'closed')
  return there > 0 && isSettled
}
