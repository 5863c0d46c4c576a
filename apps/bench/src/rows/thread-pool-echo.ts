import { checkAllOk, LoadRun } from '@tunicorn/harness'
import { type Contender, start } from '../contender.js'
import { median, ratiosByRound } from '../median.js'
import type { Bench, Row } from '../row.js'
import { byHand, threadPool } from './thread-pool-hello.js'

const kibibyte = 1024
const sizes = [64 * kibibyte, kibibyte * kibibyte]

export const row: Row = {
  name: 'thread-pool-echo',
  order: 72,
  title: 'Thread pool, 2 threads, echo of 64 KiB and 1 MiB',
  measure: async bench => {
    const found: SizedComparison[] = []
    for (const size of sizes) found.push({ size, ...(await compare(bench, size)) })
    const text = (read: (result: SizedComparison) => string): string => found.map(read).join(' · ')
    return {
      baseline: `by hand ${text(({ hand }) => `${Math.round(hand)}/s`)}`,
      tunicorn: text(({ ours }) => `${Math.round(ours)}/s`),
      result: text(({ size, ratio }) => `${size / kibibyte} KiB × ${ratio.toFixed(3)}`),
      target: '≥ 1.00',
      isReached: found.every(({ ratio }) => ratio >= 1),
    }
  },
}

interface Comparison {
  readonly hand: number
  readonly ours: number
  readonly ratio: number
}

interface SizedComparison extends Comparison {
  readonly size: number
}

async function compare(bench: Bench, size: number): Promise<Comparison> {
  const rates = new Map<Contender, number[]>()
  const contenders = [byHand(), threadPool()] as const
  for (let round = 0; round <= bench.rounds; round++) {
    for (const contender of contenders) {
      const rate = await echoRate(contender, size, bench.seconds)
      // The first round fills the file cache.
      if (round > 0) rates.set(contender, [...(rates.get(contender) ?? []), rate])
      bench.progress(`${size} bytes, round ${round}/${bench.rounds}: ${contender.name} ${Math.round(rate)}/s`)
    }
  }
  const [hand, ours] = contenders.map(contender => rates.get(contender) ?? [])
  return {
    hand: median(hand ?? []),
    ours: median(ours ?? []),
    ratio: median(ratiosByRound(ours ?? [], hand ?? [])),
  }
}

async function echoRate(contender: Contender, size: number, seconds: number): Promise<number> {
  await using server = await start(contender, false)
  const body = Buffer.alloc(size, 'e')
  const options = { to: server.url, target: '/echo', method: 'POST', body, clients: 8 }
  checkAllOk(await new LoadRun({ ...options, maxMs: 1000 }).finished)
  const report = await new LoadRun({ ...options, maxMs: seconds * 1000 }).finished
  checkAllOk(report)
  return (report.requests * 1000) / report.durationMs
}
