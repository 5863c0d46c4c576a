import { bareNode, tunicorn } from '../contender.js'
import type { Row } from '../row.js'
import { compareThroughput } from '../throughput.js'

export const row: Row = {
  name: 'node-hello-after-idle',
  order: 11,
  title: 'One worker, app kind `node`, hello, keep-alive, after 12 s without a request',
  measure: bench =>
    compareThroughput(bench, {
      contenders: [bareNode(), tunicorn('node-app.mjs', 1)],
      keepAlive: true,
      isPinned: true,
      idleSeconds: 12,
      target: 0.97,
    }),
}
