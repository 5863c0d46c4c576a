import { seeded } from '@tunicorn/harness'
import { describe, expect, it } from 'vitest'
import { policy } from './build-state.js'
import { type Behaviour, Simulation, type World } from './simulation.js'

const good: Behaviour = { boot: 'ok', bootMs: 200, isStubborn: false, silentAfterMs: 0 }

/** A world and a sequence of events from a seed. */
function randomRun(seed: number): { readonly simulation: Simulation; readonly lastEventAt: number } {
  const random = seeded(seed)
  const pick = <T>(values: readonly T[]): T => {
    const value = values[Math.floor(random() * values.length)]
    if (value === undefined) throw new Error('nothing to pick from')
    return value
  }
  const behaviours = new Map<number, Behaviour>([[1, good]])
  for (let generation = 2; generation < 40; generation += 1)
    behaviours.set(generation, {
      boot: pick(['ok', 'ok', 'ok', 'fails', 'hangs']),
      bootMs: random() * 5_000,
      isStubborn: random() < 0.2,
      silentAfterMs: random() < 0.2 ? random() * 20_000 : 0,
    })
  const world: World = {
    policy: {
      ...policy,
      workers: 1 + Math.floor(random() * 5),
      maxSurge: 1 + Math.floor(random() * 3),
      maxUnavailable: Math.floor(random() * 2),
      spares: pick([0, 0, 2]),
      maxBooting: pick([1, 2, 100]),
      timeoutMs: 5_000,
      bootTimeoutMs: 8_000,
      gracefulTimeoutMs: 4_000,
      canaryMs: pick([0, 2_000]),
    },
    behaviours,
  }
  const simulation = new Simulation(world, random)
  let at = 3_000
  for (let event = 0; event < 30; event += 1) {
    at += random() < 0.4 ? random() * 20 : random() * 6_000
    const act = pick([
      () => simulation.reload(),
      () => simulation.reload(),
      () => simulation.scale(1),
      () => simulation.scale(-1),
      () => simulation.crashOne(),
      () => simulation.retireOne(),
    ])
    simulation.at(at, act)
  }
  return { simulation, lastEventAt: at }
}

describe('a thousand random lives of a server', () => {
  it('keep every invariant, reach the target when it gets quiet, and end when told to', () => {
    for (let seed = 1; seed <= 1_000; seed += 1) {
      const { simulation, lastEventAt } = randomRun(seed)
      try {
        simulation.run(lastEventAt + 120_000)
        simulation.checkSettled()
        simulation.stop(seed % 3 === 0 ? 'kill' : seed % 3 === 1 ? 'quick' : 'graceful')
        const stoppedAt = simulation.now
        simulation.run(stoppedAt + 20_000)
        expect(simulation.halted).toEqual({ type: 'halt', cause: 'stopped' })
        expect(simulation.state.table.size).toBe(0)
      } catch (error) {
        throw new Error(`seed ${seed} at ${simulation.now} ms`, { cause: error })
      }
    }
  })

  it('may be stopped at any moment, and in any two ways', () => {
    for (let seed = 1; seed <= 500; seed += 1) {
      const { simulation, lastEventAt } = randomRun(seed)
      const random = seeded(seed + 5_000)
      simulation.run(random() * lastEventAt)
      simulation.stop('graceful')
      simulation.run(simulation.now + random() * 25)
      simulation.stop(random() < 0.5 ? 'quick' : 'kill')
      simulation.run(simulation.now + 20_000)
      expect(simulation.halted, `seed ${seed}`).toEqual({ type: 'halt', cause: 'stopped' })
    }
  })
})

describe('a generation that does not boot', () => {
  it.each(['fails', 'hangs'] as const)('never replaces a serving worker when it %s', boot => {
    const simulation = new Simulation(
      { policy: { ...policy, bootTimeoutMs: 5_000 }, behaviours: new Map([[2, { ...good, boot }]]) },
      seeded(1),
    )
    simulation.run(2_000)
    simulation.reload()
    let fewest = Number.POSITIVE_INFINITY
    for (let at = 2_000; at < 30_000; at += 100) {
      simulation.run(at)
      fewest = Math.min(fewest, simulation.servingOf(1))
    }
    expect(fewest).toBe(2)
    expect(simulation.group).toMatchObject({ generation: 1, rollout: undefined })
  })
})

describe('a reload that succeeds', () => {
  it('never has fewer workers serving than wanted, and ends with the new generation alone', () => {
    const simulation = new Simulation({ policy: { ...policy, workers: 4 }, behaviours: new Map() }, seeded(2))
    simulation.run(2_000)
    simulation.reload()
    for (let at = 2_000; at < 40_000; at += 5) {
      simulation.run(at)
      expect(simulation.serving()).toBeGreaterThanOrEqual(4)
    }
    expect(simulation.servingOf(2)).toBe(4)
  })
})

describe('a server whose app never boots', () => {
  it.each([1, 3])('halts with %i workers', workers => {
    const simulation = new Simulation(
      { policy: { ...policy, workers }, behaviours: new Map([[1, { ...good, boot: 'fails' }]]) },
      seeded(3),
    )
    simulation.run(10_000)
    expect(simulation.halted).toEqual({ type: 'halt', cause: 'boot-failed' })
  })
})

describe('a crash loop', () => {
  it('slows down, and is forgotten once a worker is loyal', () => {
    const simulation = new Simulation({ policy: { ...policy, workers: 1 }, behaviours: new Map() }, seeded(4))
    simulation.run(2_000)
    const before = simulation.state.table.register('probe', 0, 0).age
    simulation.state.table.remove(before)
    for (let at = 2_000; at < 62_000; at += 50) {
      simulation.run(at)
      if (simulation.serving() > 0) simulation.crashOne()
    }
    const spawned = simulation.state.table.register('probe', 0, 0).age - before
    expect(spawned).toBeLessThan(20)
    simulation.run(120_000)
    expect(simulation.group.budget.failures).toBe(0)
  })
})
