import { defineConfig, type ViteUserConfig } from 'vitest/config'
import base from './vitest.base.js'

/** Tests of a package that repeat or last: `npx vitest run --config ../../vitest.soak.ts`. */
const config: ViteUserConfig = defineConfig({
  test: {
    ...base.test,
    include: ['test/{,unit/}soak/**/*.test.ts'],
    exclude: [],
    reporters: ['default', ['json', { outputFile: '.vitest/test-soak.json' }]],
    testTimeout: 300_000,
    // For tests that are marked as concurrent.
    maxConcurrency: 2,
  },
})

export default config
