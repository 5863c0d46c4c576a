import { mergeConfig, type ViteUserConfig } from 'vitest/config'
import soak from '../../vitest.soak.js'

const config: ViteUserConfig = mergeConfig(soak, {
  test: { globalSetup: 'test/support/global-setup.ts', hookTimeout: 180_000 },
})

export default config
