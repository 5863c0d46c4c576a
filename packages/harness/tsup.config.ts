import type { Options } from 'tsup'
import { build } from '../../tsup.base.js'

const options: Options = {
  ...build({ index: 'src/index.ts', vitest: 'src/vitest/index.ts' }),
  // A copy of its own would not know which test is running.
  external: ['vitest'],
}

export default options
