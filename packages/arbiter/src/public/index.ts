/** For applications that embed the arbiter, and for config files. */
export { Arbiter, type ArbiterOptions } from '../arbiter/arbiter.js'
export type { StopMode } from '../arbiter/stop-request.js'
export { ConfigError, type ConfigIssue } from '../config/config-issue.js'
export type {
  ArbiterSettings,
  Config,
  ConfigFunction,
  GroupConfig,
  GroupSettings,
  ResolvedConfig,
  ResolvedGroup,
  SettingSource,
  Settings,
  Size,
} from '../config/settings.js'
export { type ConfigSource, configSourceFrom, defineConfig, type LoadSituation } from '../config/source.js'
export { type ErrorCode, errorCodes, TunicornError } from '../errors.js'
export { exitCodeFor, exitCodes } from '../exit-codes.js'
export type { ArbiterHooks, HookExit, HookServer, Hooks, HookWorker, WorkerHooks } from '../hooks/hooks.js'
export * from './worker.js'
