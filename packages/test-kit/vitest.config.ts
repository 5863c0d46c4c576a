import { mergeConfig, type ViteUserConfig } from 'vitest/config'
import base from '../../vitest.base.js'

/** A few suites at the same time: most of each is waiting. */
const config: ViteUserConfig = mergeConfig(base, { test: { maxConcurrency: 6, testTimeout: 180_000 } })

export default config
