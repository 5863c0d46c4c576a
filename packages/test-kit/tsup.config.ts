import type { Options } from 'tsup'
import { build } from '../../tsup.base.js'

const config: Options = {
  ...build({
    index: 'src/public/index.ts',
    main: 'src/main.ts',
    vitest: 'src/public/vitest.ts',
    node: 'src/public/node.ts',
    'stage/app-stage': 'src/stage/app-stage.ts',
    'fixtures/node-app': 'src/fixtures/node-app.ts',
    'fixtures/fetch-app': 'src/fixtures/fetch-app.ts',
    'fixtures/asgi-app': 'src/fixtures/asgi-app.ts',
    'processes/imports-main': 'src/processes/imports-main.ts',
    'processes/life-main': 'src/processes/life-main.ts',
    'processes/arbiter-main': 'src/processes/arbiter-main.ts',
  }),
  // There is no `test` without the prefix.
  removeNodeProtocol: false,
}

export default config
