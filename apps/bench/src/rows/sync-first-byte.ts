import { Agent, get } from 'node:http'
import { type RunningContender, start, tunicorn } from '../contender.js'
import { median } from '../median.js'
import type { Row } from '../row.js'
import { sync } from './sync-exit.js'

const TARGET_MS = 10
const REQUESTS = 10
/** Long enough for a process to take the place of the one that served. */
const PAUSE_MS = 400

export const row: Row = {
  name: 'sync-first-byte',
  order: 81,
  title: 'Time to first byte, one client, `sync` with a spare against `event-loop`',
  measure: async ({ rounds, progress }) => {
    await using eventLoop = await start(tunicorn('node-app.mjs', 1), false)
    await using ours = await start(sync(1, '-o', 'spares=2'), false)
    await firstByteMs(eventLoop)
    await firstByteMs(ours)
    const baseline: number[] = []
    const samples: number[] = []
    for (let round = 1; round <= rounds; round++) {
      for (let request = 0; request < REQUESTS; request++) {
        await new Promise(resolve => setTimeout(resolve, PAUSE_MS))
        baseline.push(await firstByteMs(eventLoop))
        samples.push(await firstByteMs(ours))
      }
      progress(
        `round ${round}/${rounds}: event-loop ${median(baseline).toFixed(1)} ms, sync ${median(samples).toFixed(1)} ms`,
      )
    }
    const difference = median(samples) - median(baseline)
    return {
      baseline: `event-loop ${median(baseline).toFixed(1)} ms`,
      tunicorn: `${median(samples).toFixed(1)} ms`,
      result: `+${difference.toFixed(1)} ms`,
      target: `≤ +${TARGET_MS} ms`,
      isReached: difference <= TARGET_MS,
    }
  },
}

/** From the call to the head of the response, on a connection of its own. */
export function firstByteMs({ url }: Pick<RunningContender, 'url'>): Promise<number> {
  return new Promise((resolve, reject) => {
    const startedAt = performance.now()
    const agent = new Agent({ keepAlive: false })
    get(url, { agent }, response => {
      const ms = performance.now() - startedAt
      response.resume().once('end', () => resolve(ms))
    }).once('error', reject)
  })
}
