import { checkAllOk, LoadRun } from '@tunicorn/harness'
import { type Contender, start } from '../contender.js'
import { median } from '../median.js'
import type { Row } from '../row.js'
import { byHand, eventLoop, threadPool } from './thread-pool-hello.js'

const TARGET_US = 80

export const row: Row = {
  name: 'thread-pool-overhead',
  order: 74,
  title: 'Time that the way through a thread adds to a request: hello, one client, against `event-loop`',
  measure: async ({ rounds, seconds, progress }) => {
    const loop: number[] = []
    const pool: number[] = []
    const hand: number[] = []
    for (let round = 1; round <= rounds; round++) {
      loop.push(await requestUs(eventLoop(), seconds))
      pool.push(await requestUs(threadPool(), seconds))
      hand.push(await requestUs(byHand(), seconds))
      const found = [loop, pool, hand].map(series => `${Math.round(series.at(-1) ?? 0)} µs`)
      progress(`round ${round}/${rounds}: ${found.join(', ')}`)
    }
    const over = (series: readonly number[]): number =>
      median(series.map((us, round) => us - (loop[round] ?? 0)))
    const overheadUs = over(pool)
    return {
      baseline: `event-loop ${Math.round(median(loop))} µs`,
      tunicorn: `${Math.round(median(pool))} µs`,
      result: `+${Math.round(overheadUs)} µs`,
      target: `≤ +${TARGET_US} µs`,
      isReached: overheadUs <= TARGET_US,
      notes: [
        `\`node:http\` + Piscina by hand: ${Math.round(median(hand))} µs, +${Math.round(over(hand))} µs`,
      ],
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
