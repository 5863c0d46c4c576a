import type { Options } from 'tsup'
import { build } from '../../tsup.base.js'
import { joinChunks } from '../../tsup.layers.js'

const config: Options = {
  ...build({ index: 'src/public/index.ts' }),
  onSuccess: () => joinChunks('dist', [{ name: 'index', entries: ['index.js'] }]),
}

export default config
