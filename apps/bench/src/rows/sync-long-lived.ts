import { start } from '../contender.js'
import { median, ratiosByRound } from '../median.js'
import type { Row } from '../row.js'
import { gunicorn, sync } from './sync-exit.js'

const TARGET = 5_000
const GUNICORN_TARGET = 1

export const row: Row = {
  name: 'sync-long-lived',
  order: 83,
  title: 'Worker class `sync`, `maxRequests: 0`, 3 workers, hello, one connection per request',
  measure: async ({ rounds, seconds, loadTool, progress }) => {
    const peer = await gunicorn()
    const ours: number[] = []
    const theirs: number[] = []
    for (let round = 1; round <= rounds; round++) {
      for (const [contender, rates] of [
        [sync(3, '--max-requests', '0', '-o', 'spares=0'), ours],
        [peer, theirs],
      ] as const) {
        if (contender === undefined) continue
        await using server = await start(contender, false)
        await loadTool.run({ url: server.url, seconds: 1, keepAlive: false, isPinned: false })
        rates.push(await loadTool.run({ url: server.url, seconds, keepAlive: false, isPinned: false }))
      }
      progress(`round ${round}/${rounds}: ${Math.round(ours.at(-1) ?? 0)}/s`)
    }
    const ratio = peer === undefined ? undefined : median(ratiosByRound(ours, theirs))
    return {
      baseline: ratio === undefined ? 'none' : `Gunicorn \`sync\` ${Math.round(median(theirs))}/s`,
      tunicorn: `${Math.round(median(ours))}/s`,
      result: ratio === undefined ? `${Math.round(median(ours))}/s` : `× ${ratio.toFixed(2)}`,
      target: peer === undefined ? `≥ ${TARGET}/s` : `≥ ${GUNICORN_TARGET.toFixed(2)}`,
      isReached: ratio === undefined ? median(ours) >= TARGET : ratio >= GUNICORN_TARGET,
    }
  },
}
