import { serverFile } from '../contender.js'
import { measureGrowth } from '../growth.js'
import { withIdleServer } from '../idle-server.js'
import type { Row } from '../row.js'

const workers = 4

export const row: Row = {
  name: 'growth-routes',
  order: 203,
  title: `What an idle server of ${workers} workers costs, with 1 to 10,000 routes as labels of a metric of the app`,
  measure: bench =>
    measureGrowth(bench, {
      unit: 'routes',
      sizes: [1, 100, 1_000, 10_000],
      withServer: (routes, observe) =>
        withIdleServer(
          [
            ...[serverFile('routes-app.mjs'), '-k', 'event-loop', '-w', String(workers), '-b', '127.0.0.1:0'],
            ...['--env', `BENCH_ROUTES=${routes}`],
          ],
          observe,
        ),
    }),
}
