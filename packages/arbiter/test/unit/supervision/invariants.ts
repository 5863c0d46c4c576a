/** What holds in every life of a server. */
import { strict as assert } from 'node:assert'
import { reconcile } from '../../../src/supervision/reconcile.js'
import {
  type ArbiterState,
  type GroupState,
  policyFor,
  targetOf,
  wantedGeneration,
  wantedWorkers,
} from '../../../src/supervision/state.js'
import type { WorkerRow } from '../../../src/supervision/worker-table.js'
import type { SimulatedServer } from './simulated-server.js'

const isLive = (row: WorkerRow): boolean =>
  !row.drain && !row.killed && row.abortedAt === undefined && row.state !== 'closed'
const isServing = (row: WorkerRow): boolean =>
  row.state === 'serving' && !row.killed && row.abortedAt === undefined

const rowsOf = ({ table }: ArbiterState, { name }: GroupState): readonly WorkerRow[] =>
  table.rows().filter(row => row.group === name)

/** After every turn of the loop. */
export function checkTurn(server: SimulatedServer): void {
  const { state } = server.supervisor
  assert.equal(state.table.size, server.processes.size, 'the workers are not the processes that there are')
  for (const { age, group } of state.table.rows()) {
    assert.ok(server.processes.has(age), `worker ${age} has no process`)
    assert.ok(state.groups.has(group), `the group of worker ${age} was forgotten before it`)
  }
  if (state.stop) return
  const rollouts = [...state.groups.values()].flatMap(({ rollout }) => rollout ?? [])
  assert.ok(
    new Set(rollouts.map(({ generation }) => generation)).size <= 1,
    'groups change to several generations',
  )
  for (const group of state.groups.values()) {
    checkCensus(state, group)
    checkSlots(server, group)
  }
  checkSockets(server)
}

/** After a turn in which something was done. `now` in arbiter time. */
export function checkDone({ supervisor: { state } }: SimulatedServer, now: number): void {
  const left = reconcile(state, now).filter(({ type }) => type !== 'halt')
  assert.deepEqual(left, [], 'the loop has not settled')
}

/** Never more workers than the target, its spares, its surge and one canary, unless a scale-down has just begun. */
function checkCensus(state: ArbiterState, group: GroupState): void {
  const live = rowsOf(state, group).filter(isLive)
  const active = live.filter(row => row.state === 'promoting' || row.state === 'serving').length
  const policies = [group.policy, group.rollout?.policy ?? group.policy]
  const extra = Math.max(...policies.map(({ spares, maxSurge }) => spares + Math.max(1, maxSurge)))
  const most = Math.max(targetOf(group), active) + extra + 1
  assert.ok(live.length <= most, `${live.length} workers of ${group.name} are alive, at most ${most} may be`)
}

/** To be called when a worker has just been spawned: a reload may bring a limit that there are too many processes for already. */
export function checkSpawn({ supervisor: { state } }: SimulatedServer, name: string): void {
  const group = state.groups.get(name)
  if (!group) return
  const processes = rowsOf(state, group).length
  const { maxProcesses } = policyFor(group, wantedGeneration(group))
  assert.ok(processes <= maxProcesses, `${name} has ${processes} processes, at most ${maxProcesses} may be`)
}

/** Two processes have one slot only when one replaces the other; in an exclusive group at most one may be at work. */
function checkSlots({ processes, supervisor: { state } }: SimulatedServer, group: GroupState): void {
  const rows = rowsOf(state, group)
  const wanted = wantedGeneration(group)
  const staying = rows.filter(row => isLive(row) && row.generation === wanted && !row.retire)
  const slots = staying.map(({ slot }) => slot)
  assert.equal(new Set(slots).size, slots.length, `workers of ${group.name} that stay share a slot: ${slots}`)
  if (!group.policy.isExclusive) return
  const atWork = rows.filter(({ age }) => processes.get(age)?.wasToldToServe)
  const owned = atWork.map(({ slot }) => slot)
  assert.equal(new Set(owned).size, owned.length, `slots of ${group.name} are owned twice: ${owned}`)
}

/** What workers are to accept from is there. */
function checkSockets({ sockets, supervisor }: SimulatedServer): void {
  const { groups, leaving } = supervisor.state
  const open = sockets.all()
  for (const name of groups.keys()) {
    if (leaving.has(name)) continue
    const launch = supervisor.launchOf(name)
    assert.ok(launch, `nothing is known of the group ${name}`)
    for (const socket of launch.sockets)
      assert.ok(open.includes(socket), `${socket.url} of ${name} is closed`)
  }
}

/** A serving worker drains only when enough others serve. To be called when it has just been told. */
export function checkDrain({ supervisor: { state } }: SimulatedServer, age: number): void {
  const row = state.table.get(age)
  const group = row && state.groups.get(row.group)
  if (!group || row.servingAt === undefined || state.stop) return
  // Its successor may serve only after it.
  if (group.policy.isExclusive) return
  const left = rowsOf(state, group).filter(isServing).length
  const floor = wantedWorkers(state, group) - policyFor(group, wantedGeneration(group)).maxUnavailable
  assert.ok(left >= floor, `draining ${age} leaves ${left} workers serving, at least ${floor} have to`)
}

/** When nothing has happened for long: no rollout is stuck, and nothing of another generation is left. */
export function checkQuiet(server: SimulatedServer): void {
  const { state } = server.supervisor
  const groups = [...state.groups.values()]
  const newest = Math.max(...groups.map(group => group.rollout?.generation ?? group.generation))
  const plan = server.planOf(newest)
  if (![...plan.values()].every(({ isSteady }) => isSteady)) return
  assert.equal(server.pending, 0, 'orders have not ended')
  assert.deepEqual(groups.map(({ name }) => name).toSorted(), [...plan.keys()].toSorted(), 'the groups')
  for (const group of groups) {
    assert.equal(group.rollout, undefined, 'a rollout is stuck')
    assert.equal(group.generation, newest, `the generation of ${group.name}`)
    const rows = rowsOf(state, group).filter(isLive)
    const strangers = rows.filter(row => row.generation !== group.generation || row.retire)
    assert.deepEqual(strangers, [], 'workers that were to be replaced are left')
    const wanted = wantedWorkers(state, group)
    assert.equal(rows.filter(isServing).length, wanted, `workers of ${group.name} that serve`)
    const spares = wanted === 0 ? 0 : group.policy.spares
    assert.equal(rows.length - wanted, spares, `spares of ${group.name}`)
    const slots = rows.map(({ slot }) => slot).toSorted((one, other) => one - other)
    assert.deepEqual(slots, [...Array(wanted + spares).keys()], `slots of ${group.name}`)
  }
  const keys = [...plan.values()].flatMap(({ ports }) => ports).map(port => `127.0.0.1:${port}`)
  const bound = server.sockets.all().map(({ key }) => key)
  assert.deepEqual(bound.toSorted(), [...new Set(keys)].toSorted(), 'the sockets')
}

/** After a stop. */
export async function checkStopped(server: SimulatedServer): Promise<void> {
  // For promises that are about to be settled.
  await new Promise(setImmediate)
  const { halt, pending, processes, sockets, supervisor } = server
  assert.deepEqual(halt, {}, 'the server has not ended')
  assert.equal(supervisor.state.table.size, 0)
  assert.equal(processes.size, 0)
  assert.deepEqual(sockets.all(), [])
  assert.equal(pending, 0, 'orders have not ended')
}
