import type { Options } from 'tsup'
import { build } from '../../tsup.base.js'

const config: Options = {
  ...build({ index: 'src/index.ts', thread: 'src/main.ts' }),
  // What has to be CommonJS is copied as it is.
  publicDir: 'commonjs',
}

export default config
