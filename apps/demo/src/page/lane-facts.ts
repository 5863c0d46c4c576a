import type { Lane } from '../shared/lane.js'

/** What the page says about a group. */
export interface LaneFacts {
  readonly workerClass: string
  readonly sentence: string
}

export const laneFacts: Readonly<Record<Lane, LaneFacts>> = {
  isolated: {
    workerClass: 'sync',
    sentence: 'One request, one process. Nothing survives a request, and the next process is ready.',
  },
  web: {
    workerClass: 'event-loop',
    sentence: 'Many requests on one event loop. Fast, until a handler keeps the loop. Serves this page too.',
  },
  cpu: {
    workerClass: 'thread-pool',
    sentence: 'Handlers compute in threads behind the loop, so that a quick answer stays quick.',
  },
  live: {
    workerClass: 'asgi',
    sentence: 'WebSockets, streams, start-up and shutdown. One event loop here, and one room.',
  },
}
