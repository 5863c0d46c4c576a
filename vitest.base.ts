import { defineConfig, type ViteUserConfig } from 'vitest/config'

/** Tests of every package: results also as JSON, so that the root command can add them up. */
const config: ViteUserConfig = defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // `vitest.soak.ts` runs those.
    exclude: ['test/soak/**'],
    reporters: ['default', ['json', { outputFile: '.vitest/results.json' }]],
    // Node.js 20 reads these certificates at every start, which takes longer than all else in it. Turborepo hides them, too.
    env: { NODE_EXTRA_CA_CERTS: '' },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Integration tests start processes of their own: one file at a time keeps two cores honest.
    fileParallelism: false,
  },
})

export default config
