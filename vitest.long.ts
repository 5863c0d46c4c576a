import { defineConfig, type ViteUserConfig } from 'vitest/config'
import base from './vitest.base.js'

/** Tests of a package that take too long for `npm test`: `npx vitest run --config ../../vitest.long.ts`. */
const config: ViteUserConfig = defineConfig({
  test: {
    ...base.test,
    include: ['test/long/**/*.test.ts'],
    exclude: [],
    reporters: ['default', ['json', { outputFile: '.vitest/test-long.json' }]],
    testTimeout: 180_000,
    // For tests that are marked as concurrent. Most of their time is waiting.
    maxConcurrency: 6,
  },
})

export default config
