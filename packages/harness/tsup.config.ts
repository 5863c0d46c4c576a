import type { Options } from 'tsup'
import { build } from '../../tsup.base.js'

const options: Options = build({ index: 'src/index.ts' })

export default options
