import type { Options } from 'tsup'
import { build } from '../../tsup.base.js'

const config: Options = build({
  index: 'src/public/index.ts',
  worker: 'src/public/worker.ts',
  control: 'src/public/control.ts',
  internal: 'src/public/internal.ts',
  'host/main': 'src/host/main.ts',
  'host/watchdog-thread': 'src/host/watchdog-thread.ts',
})

export default config
