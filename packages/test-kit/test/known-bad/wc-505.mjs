// Lets requests in flight take as long as they like.
import eventLoop from '@tunicorn/worker-event-loop'
import { derive } from './derive.mjs'

export default derive(eventLoop, {
  worker: worker => ({ ...worker, drain: () => worker.drain(new AbortController().signal) }),
})
