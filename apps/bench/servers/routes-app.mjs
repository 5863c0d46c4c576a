/** Counts requests by route, and has had one for each of `BENCH_ROUTES` routes. */
import { exposeMetrics } from '@tunicorn/arbiter/app'
import { Counter, Registry } from 'prom-client'
import hello from './node-app.mjs'

const registry = new Registry()
const requests = new Counter({
  name: 'app_requests_total',
  help: 'Requests by route',
  labelNames: ['route'],
  registers: [registry],
})
for (let route = 0; route < Number(process.env.BENCH_ROUTES); route++)
  requests.inc({ route: `/route/${route}` })
exposeMetrics(registry)

export default hello
