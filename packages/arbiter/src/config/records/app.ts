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
    summary: 'the app: a path or a package, then optionally ":export"',
    details:
      'A path is relative to `chdir`. Without an export, `default` is used, else `app`. An export followed by `()`, as in `./app.js:create()`, is called and returns the app. On the command line, the app is the argument.',
  },
  appKind: {
    ...filledText,
    name: 'appKind',
    scope: 'group',
    flag: { long: '--app-kind', metavar: 'KIND' },
    default: 'auto',
    summary: 'kind of the app: node, fetch, asgi, …',
    details: 'Needed only if it cannot be inferred from the export.',
  },
  adoptListen: {
    ...onOrOff,
    name: 'adoptListen',
    scope: 'worker',
    flag: { long: '--adopt-listen', metavar: 'BOOLEAN' },
    default: defaultWorkerSettings.adoptListen,
    summary: 'serve an app that itself calls `listen`',
    details:
      'The first HTTP server of the app that listens on a port is taken as the app: it opens no port, and accepts from `bind`. With `false`, such an app is on its own, and has to export what is to be served. See [apps](apps.md).',
  },
  appSignal: {
    ...onOrOff,
    name: 'appSignal',
    scope: 'group',
    flag: { long: '--app-signal', metavar: 'BOOLEAN' },
    default: true,
    summary: "call the app's SIGTERM listeners when a worker drains",
    details:
      'They are called whatever the reason for the drain. If the app then ends its process, that happens after its last request, and at the latest at the deadline of the drain. Threads receive no signal.',
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
      'A name `x` is looked up as `@tunicorn/worker-x`, then `tunicorn-worker-x`, then the package `x`, from the project in `chdir`. `gevent` and `eventlet` mean `event-loop`, `gthread` means `thread-pool`, and `uvicorn` means `asgi`.',
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
    details: 'On the command line, a value that is valid JSON is read as JSON; any other value is text.',
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
