import { type Contender, tunicorn } from '../contender.js'
import type { Row } from '../row.js'
import { compareThroughput } from '../throughput.js'

export const row: Row = {
  name: 'max-concurrency',
  order: 17,
  title: 'One worker, hello, keep-alive, 32 connections: places for 64 requests, against no limit',
  measure: bench =>
    compareThroughput(bench, {
      contenders: [{ ...tunicorn('node-app.mjs', 1), name: 'Tunicorn' }, limited()],
      keepAlive: true,
      isPinned: true,
      target: 0.95,
    }),
}

function limited(): Contender {
  const { command, ...rest } = tunicorn('node-app.mjs', 1)
  return { ...rest, name: 'Tunicorn, maxConcurrency', command: [...command, '--max-concurrency', '64'] }
}
