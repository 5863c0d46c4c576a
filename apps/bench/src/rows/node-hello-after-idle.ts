import { bareNode, tunicorn } from '../contender.js'
import type { Row } from '../row.js'
import { compareThroughput } from '../throughput.js'

export const row: Row = {
  name: 'node-hello-after-idle',
  order: 11,
  title: 'The same, after 12 s without a request, as a server waits for its first one',
  measure: bench =>
    compareThroughput(bench, {
      contenders: [bareNode(), tunicorn('node-app.mjs', 1)],
      keepAlive: true,
      isPinned: true,
      idleSeconds: 12,
      target: 0.97,
    }),
}
