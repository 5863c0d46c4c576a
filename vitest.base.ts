import { defineConfig, type ViteUserConfig } from 'vitest/config'

/** The tests of every package, except the long ones. Writes the results as JSON too, so that the root command can add them up. */
const config: ViteUserConfig = defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // `vitest.long.ts` and `vitest.soak.ts` run those.
    exclude: ['test/long/**', 'test/{,unit/}soak/**'],
    reporters: ['default', ['json', { outputFile: '.vitest/test.json' }]],
    // Node.js 20 reads these certificates at every start, which takes longer than the rest of it. Turborepo hides them, too.
    env: { NODE_EXTRA_CA_CERTS: '' },
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Vitest's own second is too short on a busy machine.
    expect: { poll: { timeout: 20_000 } },
    // Integration tests start processes of their own, and one file at a time is as much as two cores can take.
    fileParallelism: false,
    // A process for each file would take as long as half of the tests. They leave nothing behind, and none mocks a module.
    isolate: false,
    // Node.js itself loads built files, so they run as they do for users.
    server: { deps: { external: [/\/dist\//] } },
  },
})

export default config
