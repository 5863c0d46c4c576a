/** The status of the server, kept up to date by events between two full statuses. */
import type {
  ControlEvent,
  ExitEvent,
  GroupStatus,
  ServerStatus,
  WorkerEvent,
  WorkerStatus,
} from '@tunicorn/arbiter/control'

const maxExits = 20

/** The status after an event. Undefined until there has been a full one. */
export function applyEvent(status: ServerStatus | undefined, event: ControlEvent): ServerStatus | undefined {
  if (event.type === 'status') return event.status
  if (status === undefined) return undefined
  switch (event.type) {
    case 'arbiter':
      return event.state === 'stopped'
        ? status
        : { ...status, arbiter: { ...status.arbiter, state: event.state } }
    case 'reload-done':
      return { ...status, arbiter: { ...status.arbiter, generation: event.generation } }
    case 'worker':
      return changeGroup(status, event.group, group => ({
        ...group,
        workers: withWorker(group.workers, event),
      }))
    case 'exit':
      return changeGroup(status, event.group, group => withoutWorker(group, event))
    case 'target':
      return changeGroup(status, event.group, group => ({ ...group, target: event.to }))
    default:
      return status
  }
}

function changeGroup(
  status: ServerStatus,
  name: string,
  change: (group: GroupStatus) => GroupStatus,
): ServerStatus {
  return { ...status, groups: status.groups.map(group => (group.name === name ? change(group) : group)) }
}

function withWorker(workers: readonly WorkerStatus[], event: WorkerEvent): readonly WorkerStatus[] {
  const { age, generation, slot, pid, state, reason } = event
  const known = workers.find(worker => worker.age === age)
  if (known) return workers.map(worker => (worker === known ? { ...known, pid, state, reason } : worker))
  const figures = {
    inFlight: 0,
    connections: 0,
    requests: 0,
    rss: 0,
    eventLoopUtilization: 0,
    eventLoopDelayP99: 0,
    gauges: {},
  }
  const spawned = { startedAt: event.at, lastSeenAt: event.at, busySince: null, requestsInFlight: [] }
  return [...workers, { age, generation, slot, pid, state, reason, ...figures, ...spawned }]
}

function withoutWorker(group: GroupStatus, { exit }: ExitEvent): GroupStatus {
  return {
    ...group,
    workers: group.workers.filter(({ age }) => age !== exit.age),
    exits: [exit, ...group.exits.filter(({ age }) => age !== exit.age)].slice(0, maxExits),
  }
}
