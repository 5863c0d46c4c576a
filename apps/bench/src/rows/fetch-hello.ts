import { bareNode, type Contender, serverFile, tunicorn } from '../contender.js'
import type { Row } from '../row.js'
import { compareThroughput } from '../throughput.js'

export const row: Row = {
  name: 'fetch-hello',
  order: 20,
  title: 'One worker, app kind `fetch`, hello, keep-alive, server and load on different cores',
  measure: bench =>
    compareThroughput(bench, {
      contenders: [bareNode(), tunicorn('fetch-app.mjs', 1), hono],
      keepAlive: true,
      isPinned: true,
      target: 0.8,
    }),
}

const hono: Contender = {
  name: '`@hono/node-server`',
  command: [process.execPath, serverFile('hono.mjs')],
}
