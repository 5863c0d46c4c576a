/** Builds the status from what the arbiter knows. Pure. */
import {
  type ArbiterState,
  type GroupState,
  policyFor,
  wantedGeneration,
  wantedWorkers,
} from '../supervision/state.js'
import type { WorkerRow } from '../supervision/worker-table.js'
import type {
  ArbiterStatus,
  AutoscaleStatus,
  DurationsStatus,
  ExitStatus,
  GroupStatus,
  ReasonStatus,
  ServerStatus,
  WorkerStatus,
} from './status.js'

/** What a group runs, where it is bound, how long its requests took, and how its workers ended. */
interface GroupFacts extends LaunchFacts {
  readonly durations: DurationsStatus
  readonly exits: readonly ExitStatus[]
}

/** The facts that follow from the configuration. */
export type LaunchFacts = Pick<GroupStatus, 'workerClass' | 'app' | 'bind' | 'certificates'>

export interface StatusFacts {
  readonly arbiter: ArbiterStatus
  readonly state: ArbiterState
  group(name: string): GroupFacts
  /** Converts arbiter time to wall time; both in milliseconds. */
  wallTime(ms: number): number
  times(age: number): WorkerTimes
}

/** Wall times in milliseconds. They are recorded and not computed, so that they stay the same from one answer to the next. */
export interface WorkerTimes {
  readonly spawnedAt: number
  /** When the figures arrived. */
  readonly sampledAt: number
}

export function serverStatus(facts: StatusFacts): ServerStatus {
  const groups = [...facts.state.groups.values()].map((group): GroupStatus => {
    const { workerClass, app, bind, certificates, durations, exits } = facts.group(group.name)
    return {
      name: group.name,
      workerClass,
      app,
      bind,
      certificates,
      target: wantedWorkers(facts.state, group),
      autoscale: autoscaleStatus(group, facts),
      durations,
      workers: facts.state.table.rowsOf(group.name).map(row => workerStatus(row, facts)),
      exits,
    }
  })
  return { api: 1, arbiter: facts.arbiter, groups }
}

function autoscaleStatus(group: GroupState, { wallTime }: StatusFacts): AutoscaleStatus | null {
  const { autoscale, isScaledByHand } = group
  const policy = policyFor(group, wantedGeneration(group)).autoscale
  if (!policy || !autoscale) return null
  const { load, changedAt, reason, isShortOfMemory } = autoscale
  return {
    min: policy.min,
    max: policy.max,
    isOn: !isScaledByHand,
    load: Math.round(load * 100) / 100,
    changedAt: new Date(wallTime(changedAt)).toISOString(),
    reason: isScaledByHand ? { kind: 'hand', text: 'scaled by hand' } : { ...reason },
    isShortOfMemory,
  }
}

/** Why a worker is killed, drains or is to be replaced: the latest of these counts. */
export function reasonStatus({ killed, drain, retire }: Readonly<WorkerRow>): ReasonStatus | null {
  const reason = killed?.reason ?? drain?.reason ?? retire
  return reason ? { kind: reason.kind, text: reason.text } : null
}

function workerStatus(row: Readonly<WorkerRow>, { wallTime, times }: StatusFacts): WorkerStatus {
  const { blocked, sample } = row
  const iso = (ms: number): string => new Date(ms).toISOString()
  const { spawnedAt, sampledAt } = times(row.age)
  const requestsInFlight = (blocked?.requests ?? sample?.longest ?? []).map(({ method, target, ms, id }) => ({
    method,
    target,
    startedAt: iso((blocked ? wallTime(blocked.at) : sampledAt) - ms),
    id: id ?? null,
  }))
  return {
    age: row.age,
    generation: row.generation,
    slot: row.slot,
    pid: row.pid ?? null,
    state: row.state,
    reason: reasonStatus(row),
    startedAt: iso(spawnedAt),
    lastSeenAt: iso(wallTime(row.lastBeatAt)),
    inFlight: sample?.inFlight ?? 0,
    connections: sample?.connections ?? 0,
    gauges: sample?.gauges ?? {},
    requests: sample?.requests ?? 0,
    rss: sample?.rss ?? 0,
    eventLoopUtilization: sample?.eventLoopUtilization ?? 0,
    eventLoopDelayP99: sample?.eventLoopDelayP99Ms ?? 0,
    busySince: requestsInFlight[0]?.startedAt ?? null,
    requestsInFlight,
  }
}
