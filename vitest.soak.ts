import { defineConfig, type ViteUserConfig } from 'vitest/config'
import base from './vitest.base.js'

/** The long tests of a package: `npx vitest run --config ../../vitest.soak.ts`. */
const config: ViteUserConfig = defineConfig({
  test: {
    ...base.test,
    include: ['test/soak/**/*.test.ts'],
    exclude: [],
    testTimeout: 300_000,
    // Of tests that say themselves that they may run beside others.
    maxConcurrency: 2,
  },
})

export default config
