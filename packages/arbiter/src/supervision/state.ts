/**
 * What the arbiter wants, group by group. Only the files that end in `events.ts` write it, and they
 * take what they change as {@link Writable}. All other code sees it readonly.
 */

import { clamp } from '../clamp.js'
import type { ErrorCode } from '../errors.js'
import type { Autoscale } from './autoscale.js'
import type { Comparison } from './canary-errors.js'
import { type CrashBudget, freshBudget } from './crash-budget.js'
import type { GroupPolicy } from './group-policy.js'
import type { Reason } from './reason.js'
import { type WorkerRow, WorkerTable } from './worker-table.js'

/** Only code that writes the state may name this type. TypeScript lets a caller pass it what the caller sees as readonly. */
export type Writable<T> = { -readonly [Key in keyof T]: T[Key] }

/** A change of generation that is under way. */
export interface Rollout {
  readonly generation: number
  readonly policy: GroupPolicy
  /**
   * `canary`: one worker boots, and nothing else changes. `proving`: it serves beside the old workers.
   * `rolling`: workers are replaced one for one.
   */
  readonly phase: 'canary' | 'proving' | 'rolling'
  /** Workers of this generation that failed to boot, or ended unasked. */
  readonly failures: number
  /** When its first worker began to serve, or the first one after a failure. */
  readonly servingSince: number | undefined
  /** How requests have ended during `proving`. */
  readonly compared: Comparison
  /** Workers of this generation that have left after their last request during `rolling`. */
  readonly left: number
  /** This group serves with the new generation only. It still goes back if another group fails. */
  readonly isDone: boolean
}

export interface GroupState {
  readonly name: string
  /** The generation that serves. During a rollout: the one to go back to. */
  readonly generation: number
  readonly policy: GroupPolicy
  /** TTIN and TTOU; kept across reloads. */
  readonly scaleBy: number
  /** What is remembered of its load. Absent: nothing yet, or the number of workers does not follow the load. */
  readonly autoscale: Autoscale | undefined
  /** Somebody has set the number of workers. Until the next reload that number holds, whatever the load. */
  readonly isScaledByHand: boolean
  readonly rollout: Rollout | undefined
  readonly budget: CrashBudget
  /** The times of the latest unasked ends of workers; empty if there is no limit on them. */
  readonly restarts: readonly number[]
  /** A worker of this group was ready at least once and was able to serve. */
  readonly wasReady: boolean
  /** A worker of this group has served. */
  readonly hasServed: boolean
}

/** The workers of a new arbiter serve beside those of its predecessor. */
export interface Trial {
  readonly since: number
  /** How many workers ended unasked. */
  readonly failures: number
  /** How the first ones ended. */
  readonly problems: readonly string[]
}

export interface StopOrder {
  readonly mode: 'graceful' | 'quick' | 'kill'
  /** Drain from this moment on. */
  readonly drainAt: number
  readonly reason: Reason
}

export interface ArbiterState {
  readonly table: WorkerTable
  readonly groups: ReadonlyMap<string, GroupState>
  readonly stop: StopOrder | undefined
  /** Groups that a reload removed: their workers drain. */
  readonly leaving: ReadonlySet<string>
  /** Boot workers and keep them in standby: the check of a configuration. */
  readonly isHeld: boolean
  /** No worker is wanted until the next reload is requested. */
  readonly isParked: boolean
  /** Absent: there is no other arbiter that could continue instead of this one. */
  readonly trial: Trial | undefined
  /** A new arbiter is starting, or already serves beside this one. It takes part of the load and may be rolled back. */
  readonly hasSuccessor: boolean
  /** Set once workers of a group have ended unasked too often: the server ends. */
  readonly gaveUp: { readonly code: ErrorCode; readonly message: string } | undefined
  /** How a boot failed, while no worker has ever been ready. */
  readonly fatalBoot: { readonly code: ErrorCode; readonly message: string } | undefined
}

/** Whether workers drain because of a stop and are no longer replaced, because `drainDelay` is over. */
export function isStopping({ stop }: ArbiterState, now: number): boolean {
  return stop !== undefined && now >= stop.drainAt
}

/** How many serving workers a group should have now: none if all have to drain. */
export function wantedWorkers({ isParked, leaving }: ArbiterState, group: GroupState): number {
  return isParked || leaving.has(group.name) ? 0 : targetOf(group)
}

/** How many serving workers a group should have while it serves. */
export function targetOf(group: GroupState): number {
  return targetUnder(group.rollout?.phase === 'rolling' ? group.rollout.policy : group.policy, group)
}

/** How many serving workers a group should have under a policy. */
export function targetUnder(policy: GroupPolicy, group: GroupState): number {
  // Scaling takes effect only once the group serves: as yet it has no code that workers could run.
  if (policy.workers === 0) return 0
  const ordered = Math.max(1, Math.min(policy.workers + group.scaleBy, mostWorkers(policy)))
  const { autoscale } = policy
  if (!autoscale || group.isScaledByHand) return ordered
  return clamp(group.autoscale?.workers ?? ordered, autoscale.min, autoscale.max)
}

/** The most workers that a group can have and still replace one. */
export function mostWorkers({ maxProcesses, spares }: GroupPolicy): number {
  return maxProcesses - spares - 1
}

/** The generation whose workers are wanted now. */
export function wantedGeneration(group: GroupState): number {
  return group.rollout?.phase === 'rolling' ? group.rollout.generation : group.generation
}

/** The policy that governs a worker of this generation. */
export function policyFor(group: GroupState, generation: number): GroupPolicy {
  return group.rollout?.generation === generation ? group.rollout.policy : group.policy
}

/** Whether the first worker of a new generation has to serve for a while; not if the group serves nobody anyway. */
export function hasCanaryWindow({ isParked, leaving }: ArbiterState, { name, rollout }: GroupState): boolean {
  return rollout !== undefined && rollout.policy.canaryMs > 0 && !isParked && !leaving.has(name)
}

/** Whether the worker belongs to the generation that has to prove itself before it replaces the other. */
export function isCanary({ rollout }: GroupState, { generation }: Pick<WorkerRow, 'generation'>): boolean {
  return rollout !== undefined && rollout.phase !== 'rolling' && rollout.generation === generation
}

export function createState(): ArbiterState {
  return {
    table: new WorkerTable(),
    groups: new Map(),
    stop: undefined,
    leaving: new Set(),
    isHeld: false,
    isParked: false,
    trial: undefined,
    hasSuccessor: false,
    gaveUp: undefined,
    fatalBoot: undefined,
  }
}

export function createGroup(name: string, policy: GroupPolicy, generation: number): GroupState {
  return {
    name,
    generation,
    policy,
    scaleBy: 0,
    autoscale: undefined,
    isScaledByHand: false,
    rollout: undefined,
    budget: freshBudget,
    restarts: [],
    wasReady: false,
    hasServed: false,
  }
}
