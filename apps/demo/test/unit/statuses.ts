/** Statuses for tests, written as what matters in them. */
import type { ExitStatus, GroupStatus, ServerStatus } from '@tunicorn/arbiter/control'

export const at = '2001-02-03T04:05:06.000Z'

export function groupOf(sketch: Partial<GroupStatus>): GroupStatus {
  const app = './dist/isolated.js'
  return {
    name: 'isolated',
    workerClass: 'sync',
    app,
    bind: [],
    certificates: [],
    autoscale: null,
    durations: { bounds: [], counts: [] },
    target: 2,
    workers: [],
    exits: [],
    ...sketch,
  }
}

export function exitOf(age: number, sketch: Partial<ExitStatus> = {}): ExitStatus {
  const reason = { kind: 'max-requests', text: '1 request served' }
  return { pid: 100 + age, age, generation: 0, reason, isOrderly: true, at, ...sketch }
}

export function statusOf(
  groups: readonly GroupStatus[],
  sketch: Partial<ServerStatus['arbiter']> = {},
): ServerStatus {
  const arbiter: ServerStatus['arbiter'] = {
    pid: 1,
    version: '0.0.0',
    nodeVersion: process.version,
    generation: 0,
    state: 'serving',
    startedAt: at,
    rss: 0,
    lastReload: null,
    ...sketch,
  }
  return { api: 1, arbiter, groups }
}
