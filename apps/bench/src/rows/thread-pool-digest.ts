import type { Row } from '../row.js'
import { compareThroughput } from '../throughput.js'
import { byHand, eventLoop, threadPool } from './thread-pool-hello.js'

export const row: Row = {
  name: 'thread-pool-digest',
  order: 71.5,
  title:
    'Thread pool, 2 threads, about 20 ms of hashing in one digest instead of 22,000, against one `event-loop` worker',
  measure: bench =>
    compareThroughput(bench, {
      contenders: [eventLoop('/digest'), threadPool('/digest'), byHand('/digest'), eventLoop('/digest', 2)],
      keepAlive: true,
      connections: 16,
      isPinned: false,
      target: 1.7,
    }),
}
