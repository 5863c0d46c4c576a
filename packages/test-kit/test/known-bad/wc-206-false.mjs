// Promises other things under an arbiter than in the process of a test.
import eventLoop from '@tunicorn/worker-event-loop'
import { derive } from './derive.mjs'

export default derive(eventLoop, {
  capabilities: { tls: process.argv[1]?.includes('arbiter-main') },
})
