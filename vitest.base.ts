import { defineConfig, type ViteUserConfig } from 'vitest/config'

/** Tests of every package: results also as JSON, so that the root command can add them up. */
const config: ViteUserConfig = defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // `vitest.soak.ts` runs those.
    exclude: ['test/soak/**'],
    reporters: ['default', ['json', { outputFile: '.vitest/results.json' }]],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Integration tests start processes of their own: one file at a time keeps two cores honest.
    fileParallelism: false,
  },
})

export default config
