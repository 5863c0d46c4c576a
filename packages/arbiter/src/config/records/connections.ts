import { defaultWorkerSettings } from '../../contract/default-settings.js'
import { count, seconds } from '../number-kinds.js'
import type { SomeRecords } from '../setting-record.js'

/** How long connections live, how many there may be, and how many requests at a time. */
export const connectionRecords: SomeRecords<
  | 'keepAlive'
  | 'headersTimeout'
  | 'requestTimeout'
  | 'workerConnections'
  | 'maxConcurrency'
  | 'maxQueue'
  | 'queueTimeout'
> = {
  keepAlive: {
    ...seconds,
    name: 'keepAlive',
    scope: 'worker',
    flag: { long: '--keep-alive', metavar: 'SECONDS' },
    default: defaultWorkerSettings.keepAlive,
    summary: 'how long an idle connection is kept; 0 = not kept',
    details:
      'The default is longer than the usual 60 s of a load balancer, so that the load balancer closes first.',
  },
  headersTimeout: {
    ...seconds,
    name: 'headersTimeout',
    scope: 'worker',
    flag: { long: '--headers-timeout', metavar: 'SECONDS' },
    default: defaultWorkerSettings.headersTimeout,
    summary: 'how long a request head may take; 0 = off',
    details: 'Checked every second.',
  },
  requestTimeout: {
    ...seconds,
    name: 'requestTimeout',
    scope: 'worker',
    flag: { long: '--request-timeout', metavar: 'SECONDS' },
    default: defaultWorkerSettings.requestTimeout,
    summary: 'how long a whole request may take; 0 = off',
    details: 'This is the time that the client takes to send it. Checked every second.',
  },
  workerConnections: {
    ...count,
    name: 'workerConnections',
    scope: 'worker',
    flag: { long: '--worker-connections', metavar: 'N' },
    default: defaultWorkerSettings.workerConnections,
    summary: 'open connections per worker; 0 = no limit',
    details:
      'At the limit, the worker pauses accepting; no connection is dropped. On Linux, it is never higher than the limit of open files (`ulimit -n`) less a tenth of it, or less 64 if that is more, which is left to the app. A higher number causes a warning at the start.',
  },
  maxConcurrency: {
    ...count,
    name: 'maxConcurrency',
    scope: 'worker',
    flag: { long: '--max-concurrency', metavar: 'N' },
    default: defaultWorkerSettings.maxConcurrency,
    summary: 'requests per worker that the app works on at a time; 0 = no limit',
    details:
      'Further requests wait, within the limits of `maxQueue` and `queueTimeout`. A WebSocket takes no place. In `thread-pool`, the threads are a limit of their own. See [http](http.md#overload).',
  },
  maxQueue: {
    ...count,
    name: 'maxQueue',
    scope: 'worker',
    flag: { long: '--max-queue', metavar: 'N' },
    default: defaultWorkerSettings.maxQueue,
    summary: 'requests per worker that may wait for others to end; more get 503; 0 = none wait',
    details: 'Applies where `maxConcurrency` or the threads of `thread-pool` are the limit.',
  },
  queueTimeout: {
    ...seconds,
    name: 'queueTimeout',
    scope: 'worker',
    flag: { long: '--queue-timeout', metavar: 'SECONDS' },
    default: defaultWorkerSettings.queueTimeout,
    summary: 'how long a request may wait for others to end, then 503; 0 = as long as its client does',
    details: 'The answer has `Retry-After`, and the request has never run.',
  },
}
