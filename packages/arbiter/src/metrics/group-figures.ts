/** The current figures of one group. Pure. */

import type { WorkerSample } from '../protocol/messages.js'
import {
  type ArbiterState,
  type GroupState,
  policyFor,
  wantedGeneration,
  wantedWorkers,
} from '../supervision/state.js'
import type { WorkerRow, WorkerState } from '../supervision/worker-table.js'
import type { MetricValue, MetricValues } from './metric-value.js'

const states: readonly WorkerState[] = ['booting', 'standby', 'promoting', 'serving', 'draining', 'closed']
const quantiles: readonly number[] = [0.5, 0.9, 1]

export function groupFigures(state: ArbiterState, groupState: GroupState): MetricValues {
  const { name: group, generation } = groupState
  const rows = state.table.rowsOf(group)
  const one = (value: number): readonly MetricValue[] => [{ labels: { group }, value }]
  const sum = (figure: keyof WorkerSample & ('inFlight' | 'connections' | 'rss')): readonly MetricValue[] =>
    one(rows.reduce((total, row) => total + (row.state === 'closed' ? 0 : (row.sample?.[figure] ?? 0)), 0))
  const serving = rows.flatMap(row => (row.state === 'serving' && row.sample ? [row.sample] : []))
  return {
    tunicorn_generation: one(generation),
    tunicorn_workers_target: one(state.stop ? 0 : wantedWorkers(state, groupState)),
    ...autoscaleFigures(groupState),
    tunicorn_workers: states.map(name => ({
      labels: { group, state: name },
      value: rows.filter((row: WorkerRow) => row.state === name).length,
    })),
    tunicorn_worker_resident_memory_bytes: sum('rss'),
    tunicorn_slot_resident_memory_bytes: bySlot(group, rows, ({ rss }) => rss),
    tunicorn_slot_event_loop_delay_seconds: bySlot(
      group,
      rows,
      ({ eventLoopDelayP99Ms }) => eventLoopDelayP99Ms / 1_000,
    ),
    tunicorn_slot_connections: bySlot(group, rows, ({ connections }) => connections),
    tunicorn_requests_in_flight: sum('inFlight'),
    tunicorn_connections: sum('connections'),
    tunicorn_event_loop_utilization: overWorkers(
      group,
      serving.map(sample => Math.min(1, sample.eventLoopUtilization)),
    ),
    tunicorn_event_loop_delay_seconds: overWorkers(
      group,
      serving.map(sample => sample.eventLoopDelayP99Ms / 1_000),
    ),
  }
}

function autoscaleFigures(groupState: GroupState): MetricValues {
  const { name: group, autoscale } = groupState
  const policy = policyFor(groupState, wantedGeneration(groupState)).autoscale
  if (!policy || !autoscale) return {}
  return {
    tunicorn_autoscale_load: [{ labels: { group }, value: autoscale.load }],
    tunicorn_autoscale_limit: (['min', 'max'] as const).map(bound => ({
      labels: { group, bound },
      value: policy[bound],
    })),
  }
}

/** While one worker replaces another, a slot has two workers, and the worse value is used. */
function bySlot(
  group: string,
  rows: readonly Readonly<WorkerRow>[],
  figure: (sample: WorkerSample) => number,
): readonly MetricValue[] {
  const worst = new Map<number, number>()
  for (const { slot, state, sample } of rows)
    if (sample && state !== 'closed') worst.set(slot, Math.max(worst.get(slot) ?? 0, figure(sample)))
  return [...worst]
    .toSorted(([one], [other]) => one - other)
    .map(([slot, value]) => ({ labels: { group, slot: String(slot) }, value }))
}

/** Returns no value while no worker has reported one: 0 would be a claim. */
function overWorkers(group: string, values: readonly number[]): readonly MetricValue[] {
  const sorted = values.toSorted((a, b) => a - b)
  if (sorted.length === 0) return []
  return quantiles.map(quantile => ({
    labels: { group, quantile: String(quantile) },
    value: sorted[Math.ceil(quantile * sorted.length) - 1] ?? 0,
  }))
}
