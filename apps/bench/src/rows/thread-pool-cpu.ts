import type { Row } from '../row.js'
import { compareThroughput } from '../throughput.js'
import { eventLoop, threadPool } from './thread-pool-hello.js'

export const row: Row = {
  name: 'thread-pool-cpu',
  order: 71,
  title: 'Thread pool, 2 threads, about 20 ms of hashing, against one `event-loop` worker',
  measure: bench =>
    compareThroughput(bench, {
      contenders: [eventLoop('/hash'), threadPool('/hash')],
      keepAlive: true,
      isPinned: false,
      target: 1.7,
    }),
}
