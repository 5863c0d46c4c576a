import { start, tunicorn } from '../contender.js'
import { median } from '../median.js'
import { residentMegabytes } from '../memory.js'
import type { Row } from '../row.js'

const TARGET = 60

export const row: Row = {
  name: 'arbiter-memory',
  order: 50,
  title: 'Resident memory of the arbiter with 4 workers',
  measure: async ({ rounds, progress }) => {
    const samples: number[] = []
    for (let round = 1; round <= rounds; round++) {
      await using server = await start(tunicorn('node-app.mjs', 4), false)
      await server.process.waitForOutput(/(?:Booting worker with pid: \d+[\s\S]*){4}/)
      samples.push(await residentMegabytes(server.process.pid))
      progress(`round ${round}/${rounds}: ${samples.at(-1)?.toFixed(1)} MB`)
    }
    const memory = median(samples)
    return {
      baseline: 'none',
      tunicorn: `${memory.toFixed(1)} MB`,
      result: `${memory.toFixed(1)} MB`,
      target: `≤ ${TARGET} MB`,
      isReached: memory <= TARGET,
    }
  },
}
