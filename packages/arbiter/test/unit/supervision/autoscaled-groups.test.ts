import { describe, expect, it } from 'vitest'
import { inheritWorkers } from '../../../src/supervision/autoscale-events.js'
import { groupLoad } from '../../../src/supervision/group-load.js'
import { applySuccessor } from '../../../src/supervision/order-events.js'
import { beginTrial, endTrial } from '../../../src/supervision/trial.js'
import { buildSample } from './build-sample.js'
import { broken, serverOf } from './build-server.js'
import { addRow, buildState, now, policy, type RowSketch, web } from './build-state.js'
import { goodConduct } from './conduct.js'
import { checkQuiet, checkStopped } from './invariants.js'
import type { GroupPlan } from './simulated-config.js'
import type { SimulatedServer } from './simulated-server.js'

const bounds = { workers: 1, autoscale: { min: 1, max: 4 } } as const

/** Work that a test changes as it goes on. */
function demand(plan: Partial<GroupPlan> = {}): { work: number; readonly plan: Partial<GroupPlan> } {
  const state = { work: 0, plan: { ...bounds, ...plan, work: () => state.work } }
  return state
}

const target = ({ supervisor: { state } }: SimulatedServer, name = 'web'): number =>
  state.groups.get(name)?.autoscale?.workers ?? 0

describe('a group whose number of workers follows their load', () => {
  it('has more within seconds of the load, and fewer one by one when it is over, the highest slots first', async () => {
    const web = demand()
    const server = await serverOf({ web: web.plan })
    expect(server.serving()).toHaveLength(1)
    web.work = 3
    await server.run(15_000)
    expect(server.serving()).toHaveLength(4)
    web.work = 0.1
    const seen: (readonly number[])[] = []
    for (let at = 0; at < 60_000; at += 100) {
      await server.run(100)
      if (server.slots().length !== seen.at(-1)?.length) seen.push(server.slots())
    }
    expect(seen.map(slots => slots.toSorted())).toEqual([[0, 1, 2, 3], [0, 1, 2], [0, 1], [0]])
    checkQuiet(server)
  })

  it('has its own number of workers in a reload, before, meanwhile and after', async () => {
    const web = demand()
    const server = await serverOf({ web: web.plan }, { web: { ...web.plan, canarySeconds: 5 } })
    web.work = 2
    await server.run(15_000)
    const before = target(server)
    expect(before).toBeGreaterThanOrEqual(3)
    server.reload()
    let fewest = Number.POSITIVE_INFINITY
    for (let at = 0; at < 15_000; at += 50) {
      await server.run(50)
      fewest = Math.min(fewest, server.serving().length)
    }
    expect(fewest).toBe(before)
    expect(server.serving()).toEqual(Array(before).fill(1))
    expect(server.reloaded).toEqual(['1'])
  })

  it('still grows while a reload takes long', async () => {
    const web = demand()
    const slow = { ...web.plan, canarySeconds: 100, conduct: () => goodConduct }
    const server = await serverOf({ web: web.plan }, { web: slow })
    server.reload()
    await server.run(5_000)
    web.work = 4
    await server.run(20_000)
    expect(target(server)).toBe(4)
    expect(server.serving().filter(generation => generation === 0)).toHaveLength(4)
  })

  it('has the bounds of a reload once that is done, and keeps its own when it is rolled back', async () => {
    const web = demand()
    web.work = 4
    const fewer = { ...web.plan, autoscale: { min: 1, max: 2 } }
    const server = await serverOf({ web: web.plan }, { web: { ...fewer, ...broken } }, { web: fewer })
    await server.run(15_000)
    server.reload()
    await server.run(15_000)
    expect(server.reloaded).toEqual(['RELOAD_FAILED'])
    expect(server.serving()).toHaveLength(4)
    server.reload()
    await server.run(15_000)
    expect(server.serving()).toEqual([2, 2])
    checkQuiet(server)
  })

  it('begins with what it has when a reload brings the setting, and has `workers` again when one takes it away', async () => {
    const web = demand()
    const without = { workers: 3 }
    const server = await serverOf({ web: without }, { web: web.plan }, { web: without })
    server.scale(1)
    web.work = 3
    await server.run(2_000)
    server.reload()
    for (let at = 0; at < 10_000; at += 50) {
      await server.run(50)
      expect(server.serving().length).toBeGreaterThanOrEqual(1)
    }
    expect(server.reloaded).toEqual(['1'])
    await server.run(10_000)
    expect(target(server)).toBe(4)
    server.reload()
    await server.run(10_000)
    expect(server.serving()).toEqual([2, 2, 2])
    checkQuiet(server)
  })

  it('begins with `workers` where a reload brings the whole group', async () => {
    const conduct = (): typeof goodConduct => ({ ...goodConduct, bootMs: 1_000 })
    const api = demand({ workers: 3, ports: [8_010], conduct })
    const server = await serverOf({ web: {} }, { web: {}, api: api.plan })
    server.reload()
    await server.run(6_000)
    expect(server.serving('api')).toEqual([1, 1, 1])
  })

  it('does what somebody says who scales it, until a reload is done', async () => {
    const web = demand()
    const server = await serverOf({ web: web.plan }, { web: { ...web.plan, ...broken } }, { web: web.plan })
    expect(server.supervisor.scale({ type: 'to', workers: 3 })).toEqual([
      { name: 'web', from: 1, to: 3, isAutoscaleOff: true },
    ])
    await server.run(60_000)
    expect(server.serving()).toHaveLength(3)
    web.work = 9
    await server.run(30_000)
    expect(server.serving()).toHaveLength(3)
    server.scale(2)
    await server.run(5_000)
    // Beyond `max`: who says so knows why.
    expect(server.serving()).toHaveLength(5)
    web.work = 0.1
    server.reload()
    await server.run(60_000)
    expect(server.serving()).toHaveLength(5)
    server.reload()
    await server.run(5_000)
    expect(server.serving()).toEqual([2, 2, 2, 2])
    await server.run(60_000)
    expect(server.serving()).toEqual([2])
    checkQuiet(server)
  })

  it('does not grow because its workers die', async () => {
    const web = demand({ conduct: () => ({ ...goodConduct, diesAfterMs: 1_800 }), isSteady: false })
    web.work = 0.9
    const server = await serverOf({ web: { ...web.plan, workers: 2, autoscale: { min: 2, max: 6 } } })
    for (let at = 0; at < 120_000; at += 1_000) {
      web.work = 1.9
      await server.run(1_000)
      expect(target(server)).toBe(2)
    }
  })

  it('gives up workers that do not boot, and tries again later', async () => {
    let isBroken = false
    const conduct = (): typeof goodConduct => ({ ...goodConduct, boot: isBroken ? 'fails' : 'ok' })
    const web = demand({ conduct, isSteady: false })
    const server = await serverOf({ web: web.plan })
    isBroken = true
    web.work = 3
    await server.run(60_000)
    expect(server.serving()).toHaveLength(1)
    expect(target(server)).toBe(1)
    expect(server.supervisor.state.groups.get('web')?.autoscale?.reason.kind).toBe('boots')
    isBroken = false
    await server.run(120_000)
    expect(server.serving()).toHaveLength(4)
  })

  it('never has more processes than maxProcesses while those that leave take their time', async () => {
    const conduct = (): typeof goodConduct => ({ ...goodConduct, drainMs: 3_900 })
    const web = demand({ maxProcesses: 5, conduct })
    const server = await serverOf({ web: web.plan })
    for (let round = 0; round < 4; round += 1) {
      web.work = 4
      await server.run(20_000)
      expect(server.serving()).toHaveLength(4)
      web.work = 0
      await server.run(40_000)
    }
  })

  it('does not go beyond the memory of the server, and counts the other groups', async () => {
    const conduct = (): typeof goodConduct => ({ ...goodConduct, rss: 100_000_000 })
    const web = demand({ conduct, maxRssTotal: 530_000_000 })
    web.work = 4
    const server = await serverOf({ web: web.plan, api: { workers: 2, ports: [8_010], conduct } })
    await server.run(60_000)
    // 50 MB of the arbiter, 2 of `api` and 2 of these: one more and its growth are too much.
    expect(server.serving()).toHaveLength(2)
    expect(server.supervisor.state.groups.get('web')?.autoscale?.isShortOfMemory).toBe(true)
    web.work = 0.1
    await server.run(60_000)
    expect(server.supervisor.state.groups.get('web')?.autoscale?.isShortOfMemory).toBe(false)
  })

  it('gives memory back one worker at a time when it has more than it may', async () => {
    let rss = 100_000_000
    const conduct = { ...goodConduct, drainMs: 3_000 }
    const growing = {
      ...conduct,
      get rss() {
        return rss
      },
    }
    const web = demand({ conduct: () => growing, maxRssTotal: 800_000_000 })
    web.work = 4
    const server = await serverOf({ web: web.plan })
    await server.run(20_000)
    expect(server.serving()).toHaveLength(4)
    rss = 250_000_000
    await server.run(4_000)
    expect(server.serving()).toHaveLength(3)
    await server.run(30_000)
    // 50 + 3 × 250 are 800.
    expect(server.serving()).toHaveLength(3)
    rss = 300_000_000
    await server.run(10_000)
    expect(server.serving()).toHaveLength(2)
  })

  it('rests while it is parked, and goes on with as many as before', async () => {
    const web = demand()
    web.work = 3
    const server = await serverOf({ web: web.plan }, { web: web.plan })
    await server.run(15_000)
    expect(server.serving()).toHaveLength(4)
    server.park()
    await server.run(60_000)
    expect(server.serving()).toEqual([])
    server.reload()
    await server.run(3_000)
    expect(server.serving()).toEqual([1, 1, 1, 1])
  })

  it('begins as it was with the arbiter before this one, and decides nothing while that one serves beside it', async () => {
    const web = demand()
    const server = await serverOf({ web: web.plan })
    const { state } = server.supervisor
    inheritWorkers(
      state,
      new Map([
        ['web', 3],
        ['gone', 2],
      ]),
      0,
    )
    await server.run(2_000)
    expect(server.serving()).toHaveLength(3)
    beginTrial(state, server.now)
    await server.run(60_000)
    expect(server.serving()).toHaveLength(3)
    endTrial(state)
    await server.run(60_000)
    expect(server.serving()).toHaveLength(1)
  })

  it('keeps its workers while a new arbiter serves beside this one and has a part of their load, and may still get more', async () => {
    const web = demand()
    web.work = 3
    const server = await serverOf({ web: web.plan })
    const { state } = server.supervisor
    await server.run(15_000)
    expect(server.serving()).toHaveLength(4)
    web.work = 1.4
    await server.run(10_000)
    applySuccessor(state, true)
    await server.run(60_000)
    expect(server.serving()).toHaveLength(4)
    applySuccessor(state, false)
    await server.run(60_000)
    expect(server.serving().length).toBeLessThan(4)
    const fewer = server.serving().length
    applySuccessor(state, true)
    web.work = 4
    await server.run(20_000)
    expect(server.serving().length).toBeGreaterThan(fewer)
  })

  it('replaces exclusive workers one after the other, whatever it wants meanwhile', async () => {
    const web = demand({ exclusive: true })
    const server = await serverOf({ web: web.plan }, { web: web.plan })
    web.work = 3
    await server.run(15_000)
    server.reload()
    web.work = 0.1
    await server.run(60_000)
    expect(server.serving()).toEqual([1])
    checkQuiet(server)
  })

  it('stops at any moment', async () => {
    const web = demand()
    web.work = 3
    const server = await serverOf({ web: web.plan })
    await server.run(1_200)
    server.stop('graceful', 2_000)
    await server.run(30_000)
    await checkStopped(server)
  })
})

describe('the load of a group', () => {
  const single = { min: 1, max: 4, maxRssTotalBytes: 0, isSingle: true, connections: 1 }
  const many = { ...single, isSingle: false, connections: 100 }

  function loadOf(autoscale: typeof single, rows: readonly RowSketch[]): number {
    const state = buildState({ ...policy, autoscale }, [])
    for (const row of rows) addRow(state, { servingAt: now - 60_000, silentSince: now, ...row })
    return groupLoad(web(state), state.table.rows(), now)
  }

  const serving = { state: 'serving' } as const
  const busy = buildSample({ eventLoopUtilization: 0.9, inFlight: 500 })

  it('is how busy event loops are, however many requests they have', () => {
    expect(
      loadOf(many, [
        { ...serving, sample: busy },
        { ...serving, sample: buildSample() },
      ]),
    ).toBeCloseTo(0.9)
  })

  it('is the request of a worker that has one at a time, also while it waits', () => {
    const waiting = buildSample({ inFlight: 1 })
    expect(
      loadOf(single, [
        { ...serving, sample: waiting },
        { ...serving, sample: buildSample() },
      ]),
    ).toBe(1)
  })

  it('is what a class says of itself where that is more, with the requests that wait', () => {
    expect(
      loadOf(many, [{ ...serving, sample: buildSample({ load: 1.5, eventLoopUtilization: 0.2 }) }]),
    ).toBe(1.5)
    expect(loadOf(many, [{ ...serving, sample: buildSample({ load: 40 }) }])).toBe(2)
  })

  it('is how near workers are to the most connections that they accept', () => {
    expect(loadOf(many, [{ ...serving, sample: buildSample({ connections: 80 }) }])).toBeCloseTo(0.8)
    expect(
      loadOf({ ...many, connections: 0 }, [{ ...serving, sample: buildSample({ connections: 80 }) }]),
    ).toBe(0)
  })

  it('is not the boot of a worker that has just begun to serve', () => {
    expect(loadOf(many, [{ ...serving, sample: busy, servingAt: now - 500 }])).toBe(0)
  })

  it('is not that of workers that leave, or do not serve yet', () => {
    const reason = { kind: 'scale', text: '' } as const
    const drain = { reason, at: now, deadline: now + 1_000 }
    expect(
      loadOf(many, [
        { state: 'draining', drain, sample: busy },
        { state: 'standby', sample: busy },
        { ...serving, killed: { reason, at: now }, sample: busy },
      ]),
    ).toBe(0)
  })

  it('is all of a worker that is blocked, and nothing of one that somebody looks into', () => {
    const silentSince = now - 2_500
    expect(loadOf(many, [{ ...serving, silentSince }])).toBe(1)
    const blocked = { isPaused: true, at: now - 2_000, requests: [], stack: '' }
    expect(loadOf(many, [{ ...serving, silentSince, blocked }])).toBe(0)
    const examination = {
      order: { type: 'stack' } as const,
      until: now + 1_000,
      isOver: false,
      problem: undefined,
      stack: undefined,
      inspector: undefined,
    }
    expect(loadOf(many, [{ ...serving, silentSince, examination }])).toBe(0)
  })
})
