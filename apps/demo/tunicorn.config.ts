/** Four groups under one arbiter, one of each worker class. The browser talks to `web`, `web` to the others. */
import { defineConfig } from 'tunicorn'
import { makeDirectory } from './src/directory/demo-directory.js'
import { readRelease, releaseVariables } from './src/directory/release.js'
import { requirePort } from './src/directory/require-port.js'
import { timeOutSeconds } from './src/shared/time-out.js'

const host = '127.0.0.1'
const port = process.env.PORT ?? '8000'

export default defineConfig(() => {
  const directory = makeDirectory()
  return {
    control: directory.control,
    env: releaseVariables(readRelease(directory)),
    timeout: timeOutSeconds,
    // The default is 5 s, and somebody is watching.
    canarySeconds: 1,
    maxRss: '220mb',
    // The page says what happens. What is wrong, such as a worker that blocks, is in the terminal.
    logLevel: 'warn',
    onStarting: () => requirePort(host, Number(port)),
    whenReady: () =>
      console.log(`\n  Tunicorn demo\n\n    open   http://${host}:${port}\n    stop   Ctrl-C\n`),

    groups: {
      /** The page, its API and the proxy: many requests that wait, on one event loop per worker. */
      web: {
        app: './dist/web.js',
        workerClass: 'event-loop',
        workers: 2,
        // Loopback only: the page can kill workers.
        bind: [`${host}:${port}`, `unix:${directory.socket('web')}`],
        limitRequestBody: '64kb',
      },
      /** Each request in a process of its own. Spares are booted and ready, so that a burst need not wait. */
      isolated: {
        app: './dist/isolated.js',
        workerClass: 'sync',
        workers: 2,
        workerOptions: { spares: 4 },
        bind: `unix:${directory.socket('isolated')}`,
      },
      /** Handlers that compute, in threads. What must be quick stays on the event loop. */
      cpu: {
        app: './dist/cpu.js',
        workerClass: 'thread-pool',
        workers: 1,
        workerOptions: { threads: 4, loopPaths: ['/work/fast'] },
        bind: `unix:${directory.socket('cpu')}`,
      },
      /** WebSockets and streams. One worker: its room is in its memory. */
      live: {
        app: './dist/live.js',
        workerClass: 'asgi',
        workers: 1,
        workerOptions: { lifespan: 'on' },
        bind: `unix:${directory.socket('live')}`,
      },
    },
  }
})
