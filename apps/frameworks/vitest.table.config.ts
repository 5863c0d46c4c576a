import { defineConfig, mergeConfig, type ViteUserConfig } from 'vitest/config'
import base from '../../vitest.base.js'

/** Runs every framework and writes `docs/frameworks.md`: `npm run frameworks`. */
const config: ViteUserConfig = mergeConfig(
  base,
  defineConfig({ test: { include: ['test/table.ts'], testTimeout: 900_000 } }),
)

export default config
