import { describe, expect, it } from 'vitest'
import { bootsOnly, broken, serverOf } from './build-server.js'
import { goodConduct } from './conduct.js'
import { checkQuiet, checkStopped } from './invariants.js'
import type { SimulatedServer } from './simulated-server.js'

const generations = (server: SimulatedServer): Readonly<Record<string, number>> =>
  Object.fromEntries(
    [...server.supervisor.state.groups.values()].map(group => [group.name, group.generation]),
  )

/** The fewest workers that serve, looked at every `everyMs` for a while. */
async function fewestServing(server: SimulatedServer, forMs: number, everyMs: number): Promise<number> {
  let fewest = Number.POSITIVE_INFINITY
  for (let left = forMs; left > 0; left -= everyMs) {
    await server.run(everyMs)
    fewest = Math.min(fewest, server.serving().length)
  }
  return fewest
}

describe('a reload', () => {
  it('never has fewer workers serving than wanted, and ends with the new generation alone', async () => {
    const server = await serverOf({ web: { workers: 4 } }, { web: { workers: 4 } })
    server.reload()
    expect(await fewestServing(server, 38_000, 5)).toBe(4)
    expect(server.serving()).toEqual([1, 1, 1, 1])
    expect(server.reloaded).toEqual(['1'])
  })

  it.each(['fails', 'deaf'] as const)('never replaces a serving worker when its code %s', async boot => {
    const server = await serverOf({ web: {} }, { web: { conduct: () => ({ ...goodConduct, boot }) } })
    server.reload()
    expect(await fewestServing(server, 28_000, 100)).toBe(2)
    expect(server.serving()).toEqual([0, 0])
    expect(server.reloaded).toEqual(['RELOAD_FAILED'])
  })

  it('forgets a group that it takes away, once its last worker is gone', async () => {
    const slow = { conduct: () => ({ ...goodConduct, drainMs: 3_000 }) }
    const server = await serverOf({ web: {}, api: slow }, { web: {} })
    server.reload()
    await server.run(2_500)
    expect(generations(server)).toEqual({ web: 1, api: 0 })
    await server.run(10_000)
    expect(generations(server)).toEqual({ web: 1 })
  })
})

describe('a reload whose new code serves and then ends', () => {
  it.each([100, 900, 2_900])('%i ms later never has fewer workers serving than wanted', async diesAfterMs => {
    const dying = { workers: 3, canarySeconds: 5, conduct: () => ({ ...goodConduct, diesAfterMs }) }
    const server = await serverOf({ web: { workers: 3 } }, { web: dying })
    server.reload()
    expect(await fewestServing(server, 38_000, 50)).toBe(3)
    expect(server.serving()).toEqual([0, 0, 0])
    expect(server.reloaded).toEqual(['RELOAD_ROLLED_BACK'])
  })
})

describe('a reload of several groups that fails in one of them', () => {
  it('keeps every group as it was, also one that had all its workers replaced', async () => {
    const many = { workers: 4, ports: [8_010] }
    const server = await serverOf({ web: many, api: {} }, { web: { ...many, ...bootsOnly(2) }, api: {} })
    server.reload()
    await server.run(60_000)
    expect(server.reloaded).toEqual(['RELOAD_ROLLED_BACK'])
    expect([server.serving('web'), server.serving('api')]).toEqual([
      [0, 0, 0, 0],
      [0, 0],
    ])
    checkQuiet(server)
  })

  it('keeps a group that it would have taken away', async () => {
    const server = await serverOf({ web: { workers: 4 }, api: {} }, { web: { workers: 4, ...bootsOnly(2) } })
    server.reload()
    await server.run(60_000)
    expect(server.reloaded).toEqual(['RELOAD_ROLLED_BACK'])
    expect(server.serving('api')).toEqual([0, 0])
    checkQuiet(server)
  })

  it('closes the listeners of a group that it would have brought, also after another reload has failed', async () => {
    const more = { web: broken, api: { ports: [8_010] } }
    const server = await serverOf({ web: {} }, { web: broken }, more)
    server.reload()
    await server.run(5_000)
    server.reload()
    await server.run(5_000)
    expect(server.reloaded).toEqual(['RELOAD_FAILED', 'RELOAD_FAILED'])
    expect(server.sockets.all().map(({ key }) => key)).toEqual(['127.0.0.1:8000'])
  })
})

describe('a group that was scaled up', () => {
  it('may leave and come back while its workers drain', async () => {
    const slow = { conduct: () => ({ ...goodConduct, drainMs: 3_500 }) }
    const server = await serverOf({ web: {}, api: slow }, { web: {} }, { web: {}, api: {} })
    server.scale(1, 'api')
    server.reload()
    await server.run(3_000)
    server.reload()
    await server.run(20_000)
    expect(server.reloaded).toEqual(['1', '2'])
    expect(server.serving('api')).toEqual([2, 2, 2])
  })

  it('may be one that a reload brings and that is still to begin', async () => {
    const slow = { conduct: () => ({ ...goodConduct, bootMs: 3_000 }) }
    const server = await serverOf({ web: {} }, { web: {}, api: slow })
    server.reload()
    await server.run(1_000)
    server.scale(1, 'api')
    await server.run(20_000)
    expect(server.serving('api')).toEqual([1, 1, 1])
  })
})

it('an order to scale ends with a server that has no worker left', async () => {
  const server = await serverOf({ web: {} })
  server.park()
  await server.run(5_000)
  server.scale(1)
  server.stop('kill')
  await server.run(5_000)
  await checkStopped(server)
})

describe('a server whose app never boots', () => {
  it.each([1, 3])('halts with %i workers', async workers => {
    const server = await serverOf({ web: { workers, ...broken } })
    await server.run(8_000)
    expect(server.halt?.error).toMatchObject({ code: 'APP_LOAD_FAILED', message: 'broken' })
  })
})

describe('a crash loop', () => {
  it('slows down, and is forgotten once a worker is loyal', async () => {
    let diesAfterMs = Number.POSITIVE_INFINITY
    const server = await serverOf({ web: { workers: 1, conduct: () => ({ ...goodConduct, diesAfterMs }) } })
    diesAfterMs = 25
    server.someWorker()?.die(1)
    const before = server.spawned
    await server.run(60_000)
    expect(server.spawned - before).toBeLessThan(20)
    diesAfterMs = Number.POSITIVE_INFINITY
    await server.run(60_000)
    expect(server.supervisor.state.groups.get('web')?.budget.failures).toBe(0)
    expect(server.serving()).toEqual([0])
  })
})

describe('an arbiter that does not run for a minute', () => {
  it('kills nobody for it', async () => {
    const server = await serverOf({ web: {} })
    server.pauseArbiter(60_000)
    await server.run(90_000)
    expect(server.spawned).toBe(2)
    expect(server.serving()).toEqual([0, 0])
  })
})

describe('a worker that is silent for longer than its timeout', () => {
  it('is killed and replaced', async () => {
    const server = await serverOf({ web: {} })
    server.someWorker()?.block(Number.POSITIVE_INFINITY)
    await server.run(20_000)
    expect(server.spawned).toBe(3)
    expect(server.serving()).toEqual([0, 0])
  })
})

describe('a server whose workers boot and cannot serve', () => {
  it('ends when none of them ever could', async () => {
    const server = await serverOf({ web: { conduct: () => ({ ...goodConduct, isServeRefused: true }) } })
    await server.run(10_000)
    expect(server.halt?.error?.code).toBe('BIND_FAILED')
  })

  it('goes on when one of them can', async () => {
    let workers = 0
    const conduct = () => {
      workers += 1
      return { ...goodConduct, isServeRefused: workers === 1 }
    }
    const server = await serverOf({ web: { conduct } })
    await server.run(10_000)
    expect(server.halt).toBeUndefined()
    expect(server.serving()).toEqual([0, 0])
  })
})

describe('a limit of processes', () => {
  it('holds in a reload, also for old workers that still drain', async () => {
    const slow = { workers: 4, maxProcesses: 6, conduct: () => ({ ...goodConduct, drainMs: 3_500 }) }
    const server = await serverOf({ web: slow }, { web: slow })
    server.reload()
    let most = 0
    for (let left = 40; left > 0; left -= 1) {
      await server.run(500)
      most = Math.max(most, server.processes.size)
    }
    expect(most).toBe(6)
    expect(server.serving()).toEqual([1, 1, 1, 1])
    expect(server.reloaded).toEqual(['1'])
  })

  it('is one for what the group is scaled to', async () => {
    const server = await serverOf({ web: { workers: 2, maxProcesses: 4 } })
    server.scale(5)
    await server.run(5_000)
    expect(server.serving()).toEqual([0, 0, 0])
    server.scale(-1)
    await server.run(5_000)
    expect(server.serving()).toEqual([0, 0])
  })
})

describe('workers that serve and then end, over and over,', () => {
  const dying = { conduct: () => ({ ...goodConduct, diesAfterMs: 2_000 }) }

  it('are replaced for ever by default', async () => {
    const server = await serverOf({ web: dying })
    await server.run(60_000)
    expect(server.halt).toBeUndefined()
    expect(server.spawned).toBeGreaterThan(20)
  })

  it('end the server where `maxRestarts` says so, and those that still serve drain', async () => {
    const server = await serverOf({ web: { ...dying, maxRestarts: 5 } })
    await server.run(60_000)
    expect(server.halt?.error?.code).toBe('RESTARTS_EXCEEDED')
    expect(server.halt?.error?.message).toMatch(/ended unasked 6 times within \d+ s, and `maxRestarts` is 5/)
    expect(server.spawned).toBeLessThan(12)
  })

  it('do not when somebody outside kills them, or a reload has brought them', async () => {
    const one = { workers: 1, maxRestarts: 1 }
    const server = await serverOf({ web: one }, { web: { ...one, ...dying, canarySeconds: 5 } })
    for (let kills = 4; kills > 0; kills -= 1) {
      server.someWorker()?.die(null, 'SIGKILL')
      await server.run(5_000)
    }
    server.reload()
    await server.run(30_000)
    expect(server.reloaded).toEqual(['RELOAD_ROLLED_BACK'])
    expect(server.halt).toBeUndefined()
  })
})

describe('a new arbiter beside the one before', () => {
  const outcomeOf = async (server: SimulatedServer): Promise<string> => {
    let outcome = 'pending'
    server.supervisor.whenProven(5_000).then(
      () => {
        outcome = 'proven'
      },
      (error: Error) => {
        outcome = error.message
      },
    )
    await server.run(4_500)
    const early = outcome
    await server.run(20_000)
    return early === 'proven' ? 'too early' : outcome
  }

  it('is proven when its workers have served for the window', async () => {
    expect(await outcomeOf(await serverOf({ web: {} }))).toBe('proven')
  })

  it('is not when they end', async () => {
    const server = await serverOf({ web: { conduct: () => ({ ...goodConduct, diesAfterMs: 3_000 }) } })
    expect(await outcomeOf(server)).toMatch(/^a worker exited .* after it had served for 3\.\d s$/)
  })

  it('is not when one is blocked, also when the window ends before its timeout', async () => {
    const blocked = { ...goodConduct, blocksAfterMs: 3_500, blockedMs: Number.POSITIVE_INFINITY }
    const server = await serverOf({ web: { conduct: () => blocked } })
    expect(await outcomeOf(server)).toMatch(/it was silent for longer than its timeout/)
  })

  it('is proven when somebody outside kills them, or one ends', async () => {
    const server = await serverOf({ web: {} })
    server.at(1_000, () => server.someWorker()?.die(null, 'SIGKILL'))
    server.at(2_000, () => server.someWorker()?.die(null, 'SIGKILL'))
    server.at(3_000, () => server.someWorker()?.die(1))
    expect(await outcomeOf(server)).toBe('proven')
  })
})
