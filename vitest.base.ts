import { defineConfig, type ViteUserConfig } from 'vitest/config'

/** Tests of every package but the long ones: results also as JSON, so that the root command can add them up. */
const config: ViteUserConfig = defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // `vitest.long.ts` and `vitest.soak.ts` run those.
    exclude: ['test/long/**', 'test/{,unit/}soak/**'],
    reporters: ['default', ['json', { outputFile: '.vitest/test.json' }]],
    // Node.js 20 reads these certificates at every start, which takes longer than all else in it. Turborepo hides them, too.
    env: { NODE_EXTRA_CA_CERTS: '' },
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Integration tests start processes of their own: one file at a time keeps two cores honest.
    fileParallelism: false,
    // A process for each file takes as long as half of the tests. They leave nothing behind, and none mocks a module.
    isolate: false,
    // What is built runs as Node.js loads it.
    server: { deps: { external: [/\/dist\//] } },
  },
})

export default config
