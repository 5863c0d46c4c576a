import { defaultWorkerSettings } from '../../contract/default-settings.js'
import { seconds } from '../number-kinds.js'
import type { SomeRecords } from '../setting-record.js'

/** How long a worker may take. */
export const timeoutRecords: SomeRecords<'timeout' | 'bootTimeout' | 'gracefulTimeout' | 'drainDelay'> = {
  timeout: {
    ...seconds,
    name: 'timeout',
    scope: 'worker',
    flag: { long: '--timeout', short: '-t', metavar: 'SECONDS' },
    default: defaultWorkerSettings.timeout,
    summary: 'silence after which a worker is killed; 0 = off',
  },
  bootTimeout: {
    ...seconds,
    name: 'bootTimeout',
    scope: 'worker',
    flag: { long: '--boot-timeout', metavar: 'SECONDS' },
    default: defaultWorkerSettings.bootTimeout,
    summary: 'how long a worker may take to boot; 0 = off',
  },
  gracefulTimeout: {
    ...seconds,
    name: 'gracefulTimeout',
    scope: 'worker',
    flag: { long: '--graceful-timeout', metavar: 'SECONDS' },
    default: defaultWorkerSettings.gracefulTimeout,
    summary: 'how long requests in flight may take in a drain',
    details: 'Holds for every drain, whatever its reason.',
  },
  drainDelay: {
    ...seconds,
    name: 'drainDelay',
    scope: 'arbiter',
    flag: { long: '--drain-delay', metavar: 'SECONDS' },
    default: 0,
    summary: 'on stop, keep accepting so long before draining',
  },
}
