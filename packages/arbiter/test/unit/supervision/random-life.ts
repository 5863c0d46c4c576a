/** A server, and what happens to it, from a seed. */

import { type Conduct, goodConduct } from './conduct.js'
import type { Dice } from './dice.js'
import { type GenerationPlan, type GroupPlan, goodGroup } from './simulated-config.js'
import { type Plans, SimulatedServer } from './simulated-server.js'

export interface Life {
  readonly server: SimulatedServer
  /** When the last thing happens to it from outside. */
  readonly eventfulMs: number
}

/** Its first code is good unless it is said that it need not be. */
export async function randomLife(dice: Dice, isGoodAtFirst = true): Promise<Life> {
  const server = new SimulatedServer(dice, randomPlans(dice, isGoodAtFirst))
  await server.start()
  let at = 3_000
  for (let event = dice.integer(4, 16); event > 0; event -= 1) {
    at += dice.chance(0.4) ? dice.between(0, 20) : dice.between(0, 4_000)
    const pauseMs = dice.chance(0.1) ? dice.between(1, dice.pick([500, 3_000, 20_000])) : 0
    server.at(at, pauseMs > 0 ? () => server.pauseArbiter(pauseMs) : randomEvent(dice, server))
    at += pauseMs
  }
  return { server, eventfulMs: at }
}

function randomEvent(dice: Dice, server: SimulatedServer): () => void {
  return dice.pick([
    () => server.reload(),
    () => server.reload(),
    () => server.reload(),
    () => server.scale(dice.pick([-2, -1, 1, 1, 2])),
    () => server.scale(dice.pick([-1, 1]), 'web'),
    () => server.park(),
    () => server.supervisor.reopenLogs(),
    () => server.someWorker()?.die(null, 'SIGKILL'),
    () => server.someWorker()?.die(dice.pick([0, 1])),
    () => server.someWorker()?.say({ type: 'retire', reason: 'asked' }),
    () => server.someWorker()?.block(dice.pick([500, 3_000, Number.POSITIVE_INFINITY])),
  ])
}

function randomPlans(dice: Dice, isGoodAtFirst: boolean): Plans {
  return generation => {
    if (generation > 0 && dice.chance(0.05)) return undefined
    const names = ['web', ...['api', 'jobs'].filter(() => dice.chance(0.35))]
    return randomPlan(dice, names, generation === 0 && isGoodAtFirst)
  }
}

function randomPlan(dice: Dice, names: readonly string[], isGood: boolean): GenerationPlan {
  return new Map(
    names.map((name, index) => [
      name,
      {
        ...randomGroup(dice, index),
        exclusive: name === 'jobs',
        ...(isGood || dice.chance(0.5) ? goodCode : dice.pick(codes)(dice)),
      },
    ]),
  )
}

function randomGroup(dice: Dice, index: number): GroupPlan {
  const port = 8_000 + 10 * index
  const workers = dice.integer(1, 4)
  const spares = dice.pick([0, 0, 0, 2])
  return {
    ...goodGroup,
    workers,
    spares,
    maxProcesses: dice.chance(0.7) ? 0 : workers + spares + dice.integer(1, 4),
    ...(dice.chance(0.3) && randomScaling(dice, workers)),
    canarySeconds: dice.chance(0.5) ? 0 : dice.between(0.1, 6),
    maxSurge: dice.integer(1, 3),
    maxUnavailable: dice.integer(0, 1),
    ports: dice.pick([[port], [port], [port + 1], [port, port + 1], []]),
  }
}

/** Work that changes for a while, and then stays, so that the group can come to rest. */
function randomScaling(dice: Dice, workers: number): Partial<GroupPlan> {
  const levels = Array.from({ length: 6 }, () => dice.between(0, 6))
  const everyMs = dice.pick([1_500, 5_000])
  return {
    maxProcesses: 0,
    autoscale: { min: Math.max(1, workers - 1), max: workers + dice.integer(0, 3) },
    maxRssTotal: dice.pick([0, 0, 54_000_000]),
    work: now => levels[Math.min(levels.length - 1, Math.floor(now / everyMs))] ?? 0,
  }
}

type Code = Partial<GroupPlan> & Pick<GroupPlan, 'isSteady' | 'conduct'>

const never = Number.POSITIVE_INFINITY
const goodCode: Code = { isSteady: true, conduct: () => goodConduct }

/** Code that keeps its workers. */
function steady(conduct: () => Partial<Conduct>): Code {
  return { isSteady: true, conduct: () => ({ ...goodConduct, ...conduct() }) }
}

/** Code that loses some. */
function unsteady(conduct: () => Partial<Conduct>, more: Partial<GroupPlan> = {}): Code {
  return { ...more, isSteady: false, conduct: () => ({ ...goodConduct, ...conduct() }) }
}

const codes: readonly ((dice: Dice) => Code)[] = [
  dice => steady(() => ({ bootMs: dice.between(0, 3_500), serveMs: dice.between(0, 900) })),
  dice => steady(() => ({ drainMs: dice.between(0, 5_000), channelLagMs: dice.pick([0, 20]) })),
  dice => steady(() => ({ isStubborn: dice.chance(0.5), isLingering: dice.chance(0.5) })),
  dice => unsteady(() => ({ boot: dice.pick(['fails', 'dies']), bootMs: dice.between(0, 2_000) })),
  dice => unsteady(() => ({ boot: dice.pick(['ok', 'ok', 'fails', 'dies', 'deaf']) })),
  () => unsteady(() => ({ boot: 'deaf' })),
  dice => unsteady(() => ({ bootMs: dice.between(3_000, 20_000) })),
  dice => unsteady(() => ({ serveMs: dice.pick([5, 5, never]) })),
  dice => unsteady(() => ({ isServeRefused: dice.chance(0.7) })),
  dice => unsteady(() => ({ diesAfterMs: dice.between(0, dice.pick([100, 1_500, 30_000])) })),
  dice => unsteady(() => ({ retiresAfterMs: dice.between(0, 10_000), drainMs: dice.between(0, 3_000) })),
  dice => unsteady(() => ({ leavesAfterMs: dice.between(0, 4_000) }), { spares: 2 }),
  dice =>
    unsteady(() => ({
      blocksAfterMs: dice.between(0, 10_000),
      blockedMs: dice.pick([1_000, 7_000, never]),
    })),
  dice => unsteady(() => ({ babblesAfterMs: dice.between(0, 5_000) })),
  dice => unsteady(() => ({ unreadAfterMs: dice.between(0, 10_000) })),
  dice => unsteady(() => ({ rss: dice.pick([50, 200]) }), { maxRss: 100 }),
  () => unsteady(() => ({}), { maxAge: 12 }),
  dice => ({ isSteady: false, conduct: () => (dice.chance(0.5) ? goodConduct : undefined) }),
]
