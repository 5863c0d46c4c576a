import type { Options } from 'tsup'
import { build } from '../../tsup.base.js'

/** commander comes along in one piece, which loads faster than its files. It is CommonJS and asks for Node's modules. */
const require = `import { createRequire as createCommonRequire } from 'node:module'
const require = createCommonRequire(import.meta.url)`

const config: Options = {
  ...build({ index: 'src/public/index.ts', main: 'src/main.ts' }),
  banner: { js: require },
}

export default config
