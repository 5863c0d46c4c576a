import { bareNode, tunicorn } from '../contender.js'
import type { Row } from '../row.js'
import { compareThroughput } from '../throughput.js'

export const row: Row = {
  name: 'node-hello',
  order: 10,
  title: 'One worker, app kind `node`, hello, keep-alive, server and load on different cores',
  measure: bench =>
    compareThroughput(bench, {
      contenders: [bareNode(), tunicorn('node-app.mjs', 1)],
      keepAlive: true,
      isPinned: true,
      target: 0.97,
    }),
}
