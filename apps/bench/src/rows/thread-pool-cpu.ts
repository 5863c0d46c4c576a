import type { Row } from '../row.js'
import { compareThroughput } from '../throughput.js'
import { byHand, eventLoop, threadPool } from './thread-pool-hello.js'

export const row: Row = {
  name: 'thread-pool-cpu',
  order: 71,
  title: 'Thread pool, 2 threads, about 20 ms of hashing, against one `event-loop` worker',
  measure: bench =>
    compareThroughput(bench, {
      // The last two show what the machine can give: its cores may be busy with the load, or be fewer than two.
      contenders: [eventLoop('/hash'), threadPool('/hash'), byHand('/hash'), eventLoop('/hash', 2)],
      keepAlive: true,
      // With more of them, requests wait longer on one event loop of a busy machine than wrk waits for an answer.
      connections: 16,
      isPinned: false,
      target: 1.7,
    }),
}
