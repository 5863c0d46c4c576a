import { defaultWorkerSettings } from '../../contract/default-settings.js'
import { count, seconds } from '../number-kinds.js'
import type { SomeRecords } from '../setting-record.js'

/** How long connections live and how many there may be. */
export const connectionRecords: SomeRecords<
  'keepAlive' | 'headersTimeout' | 'requestTimeout' | 'workerConnections'
> = {
  keepAlive: {
    ...seconds,
    name: 'keepAlive',
    scope: 'worker',
    flag: { long: '--keep-alive', metavar: 'SECONDS' },
    default: defaultWorkerSettings.keepAlive,
    summary: 'how long an idle connection is kept; 0 = not kept',
    details: 'Longer than the usual 60 s of a load balancer, so that the load balancer closes first.',
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
    details: 'The time that the client takes to send it. Checked every second.',
  },
  workerConnections: {
    ...count,
    name: 'workerConnections',
    scope: 'worker',
    flag: { long: '--worker-connections', metavar: 'N' },
    default: defaultWorkerSettings.workerConnections,
    summary: 'open connections per worker; 0 = no limit',
    details:
      'At the limit the worker pauses accepting; no connection is dropped. On Linux it is never higher than the limit of open files (`ulimit -n`) without a tenth of it, at least 64, which are for the app: a higher number is a warning at the start.',
  },
}
