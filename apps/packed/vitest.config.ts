import { defineConfig, mergeConfig, type ViteUserConfig } from 'vitest/config'
import base from '../../vitest.base.js'

// An install waits for the disk and for npm: two files at a time, and room for a first one without a cache.
const config: ViteUserConfig = mergeConfig(
  base,
  defineConfig({
    test: {
      globalSetup: 'test/support/global-setup.ts',
      fileParallelism: true,
      maxWorkers: 2,
      testTimeout: 180_000,
      hookTimeout: 180_000,
    },
  }),
)

export default config
