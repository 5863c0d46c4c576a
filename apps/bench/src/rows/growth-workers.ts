import { serverFile } from '../contender.js'
import { measureGrowth } from '../growth.js'
import { withIdleServer } from '../idle-server.js'
import type { Row } from '../row.js'

export const row: Row = {
  name: 'growth-workers',
  order: 200,
  title: 'What an idle server costs, with 1 to 64 workers',
  measure: bench =>
    measureGrowth(bench, {
      unit: 'workers',
      sizes: [1, 2, 4, 8, 24, 64],
      maxArbiterPercent: 1,
      withServer: (workers, observe) =>
        withIdleServer(
          [serverFile('node-app.mjs'), '-k', 'event-loop', '-w', String(workers), '-b', '127.0.0.1:0'],
          observe,
        ),
    }),
}
