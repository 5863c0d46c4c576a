import { type RunningContender, start, workerPids } from '../contender.js'
import { median } from '../median.js'
import type { Row } from '../row.js'
import { sync } from './sync-exit.js'
import { firstByteMs } from './sync-first-byte.js'

const TARGET = 3
const WORKERS = 4
const SPARES = 4
const BURSTS = 5
/** From the start of the last process until it is in standby. */
const BOOT_MS = 1_000

export const row: Row = {
  name: 'sync-burst',
  order: 82,
  title: `Worker class \`sync\`, bursts of workers + spares = ${WORKERS + SPARES} requests at once`,
  measure: async ({ rounds, progress }) => {
    const samples: number[] = []
    for (let round = 1; round <= rounds; round++) {
      await using server = await start(sync(WORKERS, '-o', `spares=${SPARES}`), false)
      for (let burst = 0; burst < BURSTS; burst++) {
        await isFull(server, (burst + 1) * (WORKERS + SPARES))
        const requests = Array.from({ length: WORKERS + SPARES }, () => firstByteMs(server))
        samples.push(...(await Promise.all(requests)))
      }
      progress(
        `round ${round}/${rounds}: p50 ${median(samples).toFixed(1)} ms, p99 ${p99(samples).toFixed(1)} ms`,
      )
    }
    const ratio = p99(samples) / median(samples)
    return {
      baseline: `p50 ${median(samples).toFixed(1)} ms`,
      tunicorn: `p99 ${p99(samples).toFixed(1)} ms`,
      result: `× ${ratio.toFixed(2)}`,
      target: `≤ ${TARGET.toFixed(2)}`,
      isReached: ratio <= TARGET,
    }
  },
}

/** Resolves when this many processes have been started, and the last of them has had time to boot. */
async function isFull(server: RunningContender, processes: number): Promise<void> {
  while (workerPids(server).length < processes) await new Promise(resolve => setTimeout(resolve, 50))
  await new Promise(resolve => setTimeout(resolve, BOOT_MS))
}

function p99(samples: readonly number[]): number {
  const sorted = [...samples].sort((a, b) => a - b)
  const found = sorted[Math.floor((sorted.length - 1) * 0.99)]
  if (found === undefined) throw new RangeError('There are no samples')
  return found
}
