/** How often workers may end unasked before the server gives up: the setting `maxRestarts`. Pure. */
import type { Action } from './actions.js'
import type { GroupPolicy } from './group-policy.js'
import type { ArbiterState, GroupState } from './state.js'

/** Adds one end to those that still count. It keeps no more of them than are needed to exceed the limit. */
export function withRestart(
  { restarts }: Pick<GroupState, 'restarts'>,
  { maxRestarts, restartWindowMs }: GroupPolicy,
  now: number,
): readonly number[] {
  if (maxRestarts === Number.POSITIVE_INFINITY) return []
  return [...restarts, now].filter(at => now - at <= restartWindowMs).slice(-maxRestarts - 1)
}

/** The action that is due once workers of a group have ended unasked too often. */
export function givingUp({ groups, stop, gaveUp }: ArbiterState): Action | undefined {
  if (stop || gaveUp) return undefined
  const group = [...groups.values()].find(({ restarts, policy }) => restarts.length > policy.maxRestarts)
  return group && { type: 'give-up', group: group.name, message: messageOf(group) }
}

function messageOf({ name, restarts, policy }: GroupState): string {
  const first = restarts[0] ?? 0
  const seconds = Math.ceil(((restarts.at(-1) ?? first) - first) / 1_000)
  return `Workers of the group ${name} have ended unasked ${restarts.length} times within ${seconds} s, and \`maxRestarts\` is ${policy.maxRestarts}: the server ends`
}
