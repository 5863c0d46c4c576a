/** Lives of a server, each from a seed, and what has to come of them. */
import { expect } from 'vitest'
import { Dice } from './dice.js'
import { checkQuiet, checkStopped } from './invariants.js'
import { randomLife } from './random-life.js'
import type { SimulatedServer } from './simulated-server.js'

const first = Number(process.env.SEED ?? 1)
console.log(`seeds from ${first} on; others with SEED=…`)

/** Lives from so many seeds. */
async function live(count: number, life: (dice: Dice) => Promise<void>): Promise<void> {
  for (let seed = first; seed < first + count; seed += 1)
    await life(new Dice(seed)).catch((cause: Error) => {
      throw new Error(`SEED=${seed}: ${cause.message}`, { cause })
    })
}

/** It may take a minute until a server is where it is to be. */
async function settle(server: SimulatedServer): Promise<void> {
  for (let left = 12; left > 0; left -= 1) {
    await server.run(5_000)
    if (left === 1 || isQuiet(server)) return checkQuiet(server)
  }
}

function isQuiet(server: SimulatedServer): boolean {
  try {
    checkQuiet(server)
    return true
  } catch {
    return false
  }
}

/** Whatever happens to it, it gets where it is to be, and ends when told to. */
export async function endWhenTold(count: number): Promise<void> {
  const reloads = new Set<string>()
  await live(count, async dice => {
    const { server, eventfulMs } = await randomLife(dice)
    await server.run(eventfulMs)
    await settle(server)
    for (const outcome of server.reloaded) reloads.add(outcome)
    server.stop(dice.pick(['graceful', 'quick', 'kill']), dice.pick([0, 2_000]))
    await server.run(80_000)
    await checkStopped(server)
  })
  // Reloads that come to a canary window, and some that it sends back.
  expect(reloads).toContain('RELOAD_FAILED')
  expect(reloads).toContain('RELOAD_ROLLED_BACK')
}

/** It may be stopped at any moment, and in any two ways. */
export async function stopAtAnyMoment(count: number): Promise<void> {
  await live(count, async dice => {
    const { server, eventfulMs } = await randomLife(dice)
    await server.run(dice.between(0, eventfulMs))
    server.stop('graceful', dice.pick([0, 5_000]))
    await server.run(dice.between(0, 25))
    server.stop(dice.pick(['graceful', 'quick', 'kill']))
    await server.run(80_000)
    await checkStopped(server)
  })
}

/** Its code does not boot at its start: it ends, or serves all the same. `some`: how some of these lives come out. */
export async function startWithBadCode(count: number, some: readonly string[]): Promise<void> {
  const outcomes = new Set<string>()
  await live(count, async dice => {
    const { server, eventfulMs } = await randomLife(dice, false)
    await server.run(eventfulMs)
    if (server.halt === undefined) await settle(server)
    const { table } = server.supervisor.state
    if (server.halt) expect([table.size, server.processes.size]).toEqual([0, 0])
    outcomes.add(server.halt?.error?.code ?? 'serves')
  })
  // Each of them: else these lives would prove nothing.
  expect([...outcomes]).toEqual(expect.arrayContaining([...some]))
}
