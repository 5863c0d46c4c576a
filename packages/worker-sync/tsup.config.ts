import type { Options } from 'tsup'
import { build } from '../../tsup.base.js'

const config: Options = build({ index: 'src/index.ts' })

export default config
