/** Simulated servers, written as what matters in them. */

import { goodConduct } from './conduct.js'
import { Dice } from './dice.js'
import { type GroupPlan, goodGroup } from './simulated-config.js'
import { SimulatedServer } from './simulated-server.js'

type Sketch = Readonly<Record<string, Partial<GroupPlan>>>

/** A server that has started. Each generation has these groups, which are good ones but for what is said. */
export async function serverOf(...generations: readonly Sketch[]): Promise<SimulatedServer> {
  const server = new SimulatedServer(new Dice(1), number => {
    const groups = Object.entries(generations[number] ?? {})
    return new Map(groups.map(([name, sketch]) => [name, { ...goodGroup, ...sketch }] as const))
  })
  await server.start()
  await server.run(2_000)
  return server
}

/** Code whose first workers boot, and no other. */
export function bootsOnly(count: number): Partial<GroupPlan> {
  let left = count
  return {
    conduct() {
      left -= 1
      return left < 0 ? brokenConduct : goodConduct
    },
  }
}

const brokenConduct = { ...goodConduct, boot: 'fails' } as const

/** Code that does not boot. */
export const broken: Partial<GroupPlan> = { conduct: () => brokenConduct }
