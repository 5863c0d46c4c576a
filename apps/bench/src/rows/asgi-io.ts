import type { Row } from '../row.js'
import { compareThroughput } from '../throughput.js'
import { asgi, barePaths } from './asgi-hello.js'

export const row: Row = {
  name: 'asgi-io',
  order: 132,
  title: 'One worker, worker class `asgi`, 10 ms of I/O, 256 clients, server and load on different cores',
  measure: bench =>
    compareThroughput(bench, {
      contenders: [barePaths(), asgi()],
      keepAlive: true,
      isPinned: true,
      target: 0.9,
      path: '/io',
      connections: 256,
    }),
}
