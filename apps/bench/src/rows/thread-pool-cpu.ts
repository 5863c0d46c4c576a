import type { Row } from '../row.js'
import { compareThroughput } from '../throughput.js'
import { byHand, eventLoop, threadPool } from './thread-pool-hello.js'

export const row: Row = {
  name: 'thread-pool-cpu',
  order: 71,
  title: 'Thread pool, 2 threads, about 20 ms of hashing, against one `event-loop` worker',
  measure: bench =>
    compareThroughput(bench, {
      // The last two say what the machine has to give: its cores may be busy with the load, or be less than two.
      contenders: [eventLoop('/hash'), threadPool('/hash'), byHand('/hash'), eventLoop('/hash', 2)],
      keepAlive: true,
      // More of them wait longer on one event loop than wrk does for an answer, when the machine is busy.
      connections: 16,
      isPinned: false,
      target: 1.7,
    }),
}
