import { checkAllOk, LoadRun } from '@tunicorn/harness'
import { type Contender, start } from '../contender.js'
import { median } from '../median.js'
import type { Row } from '../row.js'
import { eventLoop, threadPool } from './thread-pool-hello.js'

const TARGET_US = 80

export const row: Row = {
  name: 'thread-pool-overhead',
  order: 74,
  title: 'Time that the way through a thread adds to a request: hello, one client, against `event-loop`',
  measure: async ({ rounds, seconds, progress }) => {
    const loop: number[] = []
    const pool: number[] = []
    for (let round = 1; round <= rounds; round++) {
      loop.push(await requestUs(eventLoop(), seconds))
      pool.push(await requestUs(threadPool(), seconds))
      progress(
        `round ${round}/${rounds}: ${Math.round(loop.at(-1) ?? 0)} µs, ${Math.round(pool.at(-1) ?? 0)} µs`,
      )
    }
    const overheadUs = median(pool.map((us, round) => us - (loop[round] ?? 0)))
    return {
      baseline: `event-loop ${Math.round(median(loop))} µs`,
      tunicorn: `${Math.round(median(pool))} µs`,
      result: `+${Math.round(overheadUs)} µs`,
      target: `≤ +${TARGET_US} µs`,
      isReached: overheadUs <= TARGET_US,
    }
  },
}

/** Mean time of a request of one client. */
async function requestUs(contender: Contender, seconds: number): Promise<number> {
  await using server = await start(contender, false)
  await new LoadRun({ to: server.url, clients: 1, maxMs: 3000 }).finished
  const report = await new LoadRun({ to: server.url, clients: 1, maxMs: seconds * 1000 }).finished
  checkAllOk(report)
  return (report.durationMs * 1000) / report.requests
}
