/** For config files and for applications that embed the arbiter. */
export {
  Arbiter,
  type ArbiterOptions,
  type ArbiterSettings,
  type Config,
  type ConfigFunction,
  type ConfigSource,
  configSourceFrom,
  defineConfig,
  type ErrorCode,
  type GroupConfig,
  type GroupSettings,
  type Size,
  TunicornError,
} from '@tunicorn/arbiter'
