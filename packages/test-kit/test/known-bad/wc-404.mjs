// Names a gauge as no class may.
import eventLoop from '@tunicorn/worker-event-loop'
import { derive } from './derive.mjs'

export default derive(eventLoop, {
  worker: worker => ({ ...worker, stats: () => ({ ...worker.stats(), gauges: { 'requests waiting': 1 } }) }),
})
