// Says that it speaks TLS, and listens in plain text.
import eventLoop from '@tunicorn/worker-event-loop'
import { derive, withListeners } from './derive.mjs'

export default derive(eventLoop, {
  context: context => withListeners(context, () => ({ tls: undefined })),
})
