import { defineConfig, mergeConfig, type ViteUserConfig } from 'vitest/config'
import base from '../../vitest.base.js'

// Most of these tests wait for processes to start and end: two files at a time use two cores better than one.
const config: ViteUserConfig = mergeConfig(
  base,
  defineConfig({ test: { fileParallelism: true, maxWorkers: 2 } }),
)

export default config
