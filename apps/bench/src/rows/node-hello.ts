import { bareNode, type Contender, tunicorn } from '../contender.js'
import type { Row } from '../row.js'
import { compareThroughput } from '../throughput.js'

/** Shows what a machine makes of a little more work in a request: on some, the kernel then costs more, too. */
const workingNode: Contender = {
  ...bareNode(),
  name: 'bare `node:http` with 5 µs of work in each request',
  env: { BENCH_PORT: '0', BENCH_WORK_US: '5' },
}

export const row: Row = {
  name: 'node-hello',
  order: 10,
  title: 'One worker, app kind `node`, hello, keep-alive, server and load on different cores',
  measure: bench =>
    compareThroughput(bench, {
      contenders: [bareNode(), tunicorn('node-app.mjs', 1), workingNode],
      keepAlive: true,
      isPinned: true,
      target: 0.97,
    }),
}
