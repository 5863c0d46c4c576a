import { bareNode, start, workerPids } from '../contender.js'
import { median } from '../median.js'
import { residentMegabytes } from '../memory.js'
import type { Row } from '../row.js'
import { sync } from './sync-exit.js'

const TARGET = 12
/** Long enough for every process to be in standby. */
const SETTLE_MS = 1_500

export const row: Row = {
  name: 'sync-spare-memory',
  order: 84,
  title: 'Resident memory of an idle spare of `sync`',
  measure: async ({ rounds, progress }) => {
    const bare: number[] = []
    const spare: number[] = []
    for (let round = 1; round <= rounds; round++) {
      await using baseline = await start(bareNode(), false)
      await using server = await start(sync(1, '-o', 'spares=3'), false)
      await new Promise(resolve => setTimeout(resolve, SETTLE_MS))
      bare.push(await residentMegabytes(baseline.process.pid))
      // One of the four serves. The largest is not smaller than a spare.
      spare.push(Math.max(...(await Promise.all(workerPids(server).map(residentMegabytes)))))
      progress(
        `round ${round}/${rounds}: bare ${bare.at(-1)?.toFixed(1)} MB, spare ${spare.at(-1)?.toFixed(1)} MB`,
      )
    }
    const difference = median(spare) - median(bare)
    return {
      baseline: `bare \`node:http\` ${median(bare).toFixed(1)} MB`,
      tunicorn: `${median(spare).toFixed(1)} MB`,
      result: `${difference >= 0 ? '+' : ''}${difference.toFixed(1)} MB`,
      target: `≤ +${TARGET} MB`,
      isReached: difference <= TARGET,
    }
  },
}
