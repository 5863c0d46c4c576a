import { defaultWorkerSettings } from '../../contract/default-settings.js'
import { workerCount } from '../number-kinds.js'
import type { SomeRecords } from '../setting-record.js'
import { filledText, onOrOff, options, text } from '../text-kinds.js'

/** What runs, under which worker class, how many times. */
export const appRecords: SomeRecords<
  'app' | 'appKind' | 'adoptListen' | 'appSignal' | 'workerClass' | 'workerOptions' | 'workers'
> = {
  app: {
    ...text,
    name: 'app',
    scope: 'group',
    default: '',
    defaultText: 'none',
    summary: 'the app: a path or a package, then optional ":export"',
    details:
      'A path is relative to `chdir`. Without an export: `default`, else `app`. An export with `()` behind it, as in `./app.js:create()`, is called and makes the app. On the command line it is the argument.',
  },
  appKind: {
    ...filledText,
    name: 'appKind',
    scope: 'group',
    flag: { long: '--app-kind', metavar: 'KIND' },
    default: 'auto',
    summary: 'kind of the app: node, fetch, asgi, …',
    details: 'Needed only where it cannot be told from the export.',
  },
  adoptListen: {
    ...onOrOff,
    name: 'adoptListen',
    scope: 'worker',
    flag: { long: '--adopt-listen', metavar: 'BOOLEAN' },
    default: defaultWorkerSettings.adoptListen,
    summary: 'serve an app that calls `listen` by itself',
    details:
      'The first HTTP server of the app that listens at a port is the app: it opens no port, and accepts from `bind`. `false`: such an app is on its own, and has to export what is to be served. See [apps](apps.md).',
  },
  appSignal: {
    ...onOrOff,
    name: 'appSignal',
    scope: 'group',
    flag: { long: '--app-signal', metavar: 'BOOLEAN' },
    default: true,
    summary: "call the app's SIGTERM listeners when a worker drains",
    details:
      'Whatever the reason of the drain. An app that ends its process then does so after its last request, at the latest at the deadline of the drain. Threads hear of no signal.',
  },
  workerClass: {
    ...text,
    expected:
      'the name, package, path or `file:` URL of a worker class, which every worker process imports by itself',
    name: 'workerClass',
    scope: 'group',
    flag: { long: '--worker-class', short: '-k', metavar: 'CLASS' },
    default: '',
    defaultText: 'the only installed one, or sync',
    summary: 'name, package or path of the worker class',
    details:
      'A name `x` is looked for as `@tunicorn/worker-x`, then `tunicorn-worker-x`, then the package `x`, from the project in `chdir`. `gevent` and `eventlet` mean `event-loop`, `gthread` means `thread-pool`, `uvicorn` means `asgi`.',
  },
  workerOptions: {
    ...options,
    name: 'workerOptions',
    scope: 'group',
    flag: { long: '--worker-option', short: '-o', metavar: 'KEY=VALUE', repeatable: true },
    merge: 'keys',
    default: {},
    defaultText: 'none',
    summary: 'an option of the worker class',
    details: 'On the command line a value that is JSON is read as JSON, any other is text.',
  },
  workers: {
    ...workerCount,
    name: 'workers',
    scope: 'group',
    flag: { long: '--workers', short: '-w', metavar: 'N' },
    variable: { name: 'WEB_CONCURRENCY' },
    default: 1,
    summary: 'number of workers, or auto',
    details: '`auto` is the available parallelism, limited by the CPU quota of the container.',
  },
}
