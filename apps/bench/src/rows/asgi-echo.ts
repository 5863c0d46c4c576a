import type { Row } from '../row.js'
import { compareThroughput } from '../throughput.js'
import { asgi, barePaths } from './asgi-hello.js'

export const row: Row = {
  name: 'asgi-echo',
  order: 131,
  title: 'One worker, worker class `asgi`, echo of 64 KiB, server and load on different cores',
  measure: bench =>
    compareThroughput(bench, {
      contenders: [barePaths(), asgi()],
      keepAlive: true,
      isPinned: true,
      target: 0.9,
      path: '/echo',
      bodyBytes: 65_536,
    }),
}
