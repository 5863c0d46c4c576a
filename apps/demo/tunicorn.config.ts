/** Four groups under one arbiter, one of each worker class. The browser talks to `web`, `web` to the others. */
import { defineConfig } from 'tunicorn'
import { makeDirectory } from './src/directory/demo-directory.js'
import { readRelease, releaseVariables } from './src/directory/release.js'

const port = process.env.PORT ?? '8000'

export default defineConfig(() => {
  const directory = makeDirectory()
  return {
    control: directory.control,
    env: releaseVariables(readRelease(directory)),
    // Short, so that one sees what happens to a handler that never ends. The default is 30 s.
    timeout: 4,
    // The default is 5 s, and somebody is watching.
    canarySeconds: 1,
    maxRss: '220mb',
    // The page says what happens. What is wrong, such as a worker that blocks, is in the terminal.
    logLevel: 'warn',
    whenReady: () =>
      console.log(`\n  Tunicorn demo\n\n    open   http://127.0.0.1:${port}\n    stop   Ctrl-C\n`),

    groups: {
      /** The page, its API and the proxy: many requests that wait, on one event loop per worker. */
      web: {
        app: './dist/web.js',
        workerClass: 'event-loop',
        workers: 2,
        // Loopback only: the page can kill workers.
        bind: [`127.0.0.1:${port}`, `unix:${directory.socket('web')}`],
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
