import type { Options } from 'tsup'
import { build } from '../../tsup.base.js'

const config: Options = build({ index: 'src/public/index.ts' })

export default config
