import { describe, expect, it } from 'vitest'
import { Reloads } from '../../../src/arbiter/reloads.js'
import { ArbiterHookRunner } from '../../../src/supervision/hook-runner.js'
import type { Generation } from '../../../src/supervision/launch.js'
import { Observers } from '../../../src/supervision/observers.js'
import { silentLog } from '../supervision/silent-log.js'

const generation: Generation = {
  number: 1,
  config: {
    arbiter: expect.anything(),
    groups: [],
    sources: new Map(),
    warnings: [],
    hooks: {},
    hooksFile: '',
  },
  groups: new Map(),
}

/** Reloads whose rollouts end when, and as, the test says. */
function rig() {
  const rollouts: { resolve(): void; reject(error: Error): void }[] = []
  const told: string[] = []
  const observers = new Observers()
  const reloads = new Reloads({
    log: silentLog,
    hooks: new ArbiterHookRunner({}, silentLog, () => ({ pid: 1, version: '0', generation: 0 })),
    observers,
    mayBegin: async () => {},
    prepare: async () => generation,
    rollout: () => new Promise((resolve, reject) => rollouts.push({ resolve, reject })),
    runningHooks: () => ({}),
  })
  observers.add({
    reloadBegun: () => told.push(`begun ${reloads.isRunning}`),
    reloadEnded: ({ type }) => told.push(`${type} ${reloads.isRunning}`),
  })
  const begun = (count: number): Promise<void> => expect.poll(() => rollouts.length).toBe(count)
  return { reloads, rollouts, told, begun }
}

describe('reloads', () => {
  it('tell their begin and their end, and whether one runs', async () => {
    const { reloads, rollouts, told, begun } = rig()
    const reload = reloads.request()
    await begun(1)
    rollouts[0]?.resolve()
    await reload
    expect(told).toEqual(['begun true', 'done false'])
  })

  it('that are asked for while one runs follow it, all as one', async () => {
    const { reloads, rollouts, begun } = rig()
    const first = reloads.request()
    await begun(1)
    const second = reloads.request()
    const third = reloads.request()
    rollouts[0]?.resolve()
    await first
    await begun(2)
    rollouts[1]?.resolve()
    await Promise.all([second, third])
    expect(rollouts).toHaveLength(2)
  })

  it('run also when the one before failed, and each caller learns of its own', async () => {
    const { reloads, rollouts, told, begun } = rig()
    const first = reloads.request()
    await begun(1)
    const second = reloads.request()
    rollouts[0]?.reject(new Error('broken'))
    await expect(first).rejects.toThrow('broken')
    await begun(2)
    rollouts[1]?.resolve()
    await second
    expect(told).toEqual(['begun true', 'failed false', 'begun true', 'done false'])
  })
})
