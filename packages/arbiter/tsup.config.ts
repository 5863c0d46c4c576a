import type { Options } from 'tsup'
import { build } from '../../tsup.base.js'
import { joinChunks } from '../../tsup.layers.js'

const entries = {
  index: 'src/public/index.ts',
  worker: 'src/public/worker.ts',
  app: 'src/public/app.ts',
  control: 'src/public/control.ts',
  testing: 'src/public/testing.ts',
  internal: 'src/public/internal.ts',
  'host/main': 'src/host/main.ts',
  'host/watchdog-thread': 'src/host/watchdog-thread.ts',
  'host/source-maps-thread': 'src/host/source-maps-thread.ts',
}

const config: Options = {
  ...build(entries),
  dts: { resolve: ['valibot'] },
  // What is used of them is a part, and loads faster from our files than from theirs, in every start.
  noExternal: ['hot-shots', 'pino', 'prom-client', 'valibot'],
  // For StatsD over Unix sockets, which no setting asks for.
  external: ['unix-dgram'],
  // They are CommonJS and ask for Node's modules.
  banner: { js: 'function require(name) { return process.getBuiltinModule(name) }' },
  onSuccess: () =>
    joinChunks('dist', [
      { name: 'app-layer', entries: ['app.js'] },
      { name: 'thread-layer', entries: ['host/watchdog-thread.js'] },
      { name: 'worker-layer', entries: ['host/main.js', 'worker.js'] },
      { name: 'control-layer', entries: ['control.js'] },
      { name: 'arbiter-layer', entries: ['index.js', 'internal.js', 'testing.js'] },
    ]),
}

export default config
