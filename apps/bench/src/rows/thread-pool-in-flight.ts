import type { Row } from '../row.js'
import { compareThroughput } from '../throughput.js'
import { byHand, threadPool } from './thread-pool-hello.js'

const inFlight = 64

export const row: Row = {
  name: 'thread-pool-in-flight',
  order: 75,
  title: `Thread pool, 2 threads, \`fetch\` hello, ${inFlight} requests in flight`,
  measure: bench =>
    compareThroughput(bench, {
      contenders: [byHand(), threadPool()],
      keepAlive: true,
      isPinned: false,
      connections: inFlight,
      target: 1.5,
    }),
}
