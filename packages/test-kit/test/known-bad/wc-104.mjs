// Finds something else each time it looks.
import eventLoop from '@tunicorn/worker-event-loop'
import { derive } from './derive.mjs'

let calls = 0

export default derive(eventLoop, {
  check() {
    calls += 1
    return [{ path: ['timeout'], message: `was looked at ${calls} times`, severity: 'warning' }]
  },
})
