import type { Options } from 'tsup'
import { build } from '../../tsup.base.js'

const config: Options = build({ index: 'src/public/index.ts', main: 'src/main.ts' })

export default config
