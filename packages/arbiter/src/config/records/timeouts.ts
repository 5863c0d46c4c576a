import { defaultWorkerSettings } from '../../contract/default-settings.js'
import { seconds } from '../number-kinds.js'
import type { SomeRecords } from '../setting-record.js'
import { onOrOff } from '../text-kinds.js'

/** How long a worker may take. */
export const timeoutRecords: SomeRecords<
  'timeout' | 'bootTimeout' | 'waitReady' | 'gracefulTimeout' | 'drainDelay' | 'terminationGrace'
> = {
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
  waitReady: {
    ...onOrOff,
    name: 'waitReady',
    scope: 'worker',
    flag: { long: '--wait-ready' },
    default: defaultWorkerSettings.waitReady,
    summary: "a worker is ready when its app calls process.send('ready')",
    details:
      "For apps that go on preparing after they are loaded, like PM2's setting `wait_ready`. The boot timeout limits the wait. An app in threads has to call it in each thread.",
  },
  gracefulTimeout: {
    ...seconds,
    name: 'gracefulTimeout',
    scope: 'worker',
    flag: { long: '--graceful-timeout', metavar: 'SECONDS' },
    default: defaultWorkerSettings.gracefulTimeout,
    summary: 'how long requests in flight may take in a drain',
    details: 'Applies to every drain, whatever its reason.',
  },
  drainDelay: {
    ...seconds,
    name: 'drainDelay',
    scope: 'arbiter',
    flag: { long: '--drain-delay', metavar: 'SECONDS' },
    default: 0,
    summary: 'on stop, how long to keep accepting before draining',
  },
  terminationGrace: {
    ...seconds,
    name: 'terminationGrace',
    scope: 'arbiter',
    flag: { long: '--termination-grace', metavar: 'SECONDS' },
    default: 0,
    summary: 'how long the platform waits before it kills, to be checked; 0 = not checked',
    details:
      "A stop takes `drainDelay`, plus the longest `gracefulTimeout`, plus up to 5 s for what does not end by itself; with the hook `onExit`, whose time is limited like that of every hook, up to 10 s more. If that exceeds this setting, the server does not start, and a reload is refused. It changes nothing else: give it the value of Kubernetes' `terminationGracePeriodSeconds` (less what a `preStop` hook takes), Compose's `stop_grace_period` or systemd's `TimeoutStopSec=`.",
  },
}
