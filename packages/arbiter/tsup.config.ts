import type { Options } from 'tsup'
import { build } from '../../tsup.base.js'

const entries = {
  index: 'src/public/index.ts',
  worker: 'src/public/worker.ts',
  control: 'src/public/control.ts',
  internal: 'src/public/internal.ts',
  'host/main': 'src/host/main.ts',
  'host/watchdog-thread': 'src/host/watchdog-thread.ts',
}

/** What is used of valibot is a tenth of it, and every start would load the whole. Its types stay those of the dependency. */
const config: Options = { ...build(entries), noExternal: ['valibot'] }

export default config
