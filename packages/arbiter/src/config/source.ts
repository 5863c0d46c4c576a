/** The source of the arbiter's configuration: read at the start, and again on every reload. */
import { resolve } from 'node:path'
import { TunicornError } from '../errors.js'
import { findConfigFiles, readConfigFile } from '../modules/config-file.js'
import { IssueList } from './config-issue.js'
import { openFilesLimit } from './connection-room.js'
import { environmentLayer } from './environment-layer.js'
import { type Flags, flagLayer } from './flag-layer.js'
import type { Layer } from './given-value.js'
import { isDirectory } from './is-directory.js'
import { LayerChecks } from './layer-checks.js'
import { loadConfig } from './load-config.js'
import { objectLayer } from './object-layer.js'
import { usableParallelism } from './parallelism.js'
import type { Config, ConfigFunction, ResolvedConfig } from './settings.js'
import { takeHooks } from './take-hooks.js'

/** Returns its argument. Gives types to a config file, or to the function that it exports. */
export function defineConfig(config: ConfigFunction): ConfigFunction
export function defineConfig(config: Config): Config
export function defineConfig(config: Config | ConfigFunction): Config | ConfigFunction {
  return config
}

/** Provides the configuration, which is read and checked again each time. */
export interface ConfigSource {
  /**
   * @throws TunicornError `CONFIG_INVALID` and the other codes of a configuration; see `ConfigError` for all issues of
   * an invalid one. `PLATFORM_UNSUPPORTED` on Windows.
   */
  load(situation?: LoadSituation): Promise<ResolvedConfig>
}

/** What only the arbiter knows, and what affects whether a configuration is valid. */
export interface LoadSituation {
  /** The sockets were passed by systemd: `bind` is ignored. */
  readonly hasSockets: boolean
}

/** The process that a configuration is for. */
export interface ConfigEnvironment {
  /** Absolute path that relative paths are resolved from. */
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** @default the platform of this process */
  readonly platform?: NodeJS.Platform
}

/** The input of the command for {@link createConfigSource}. */
export interface CommandInput extends ConfigEnvironment {
  readonly flags: Flags
  /** The flags in `TUNICORN_CMD_ARGS`. */
  readonly environmentFlags?: Flags | undefined
}

/** The configuration from a command line: flags, `TUNICORN_CMD_ARGS`, the config file, the environment. */
export function createConfigSource(input: CommandInput): ConfigSource {
  return { load: situation => loadCommand(input, situation) }
}

/**
 * The configuration from an object, completed by the environment. No config file is searched for.
 *
 * @param environment by default the directory and the environment that this process has now
 */
export function configSourceFrom(
  config: Config,
  environment: ConfigEnvironment = { cwd: process.cwd(), env: process.env },
): ConfigSource {
  return { load: situation => loadObject(config, environment, situation) }
}

async function loadCommand(input: CommandInput, situation?: LoadSituation): Promise<ResolvedConfig> {
  requirePlatform(input.platform)
  const issues = new IssueList()
  const checks = new LayerChecks(issues)
  const { flags, environmentFlags } = input
  const commandLine = [
    flagLayer(flags, 'flag', issues),
    ...(environmentFlags === undefined ? [] : [flagLayer(environmentFlags, 'TUNICORN_CMD_ARGS', issues)]),
  ]
  const directory = resolve(input.cwd, directoryOf(commandLine, checks))
  const found = findConfigFiles(directory)
  const name = flags.config ?? environmentFlags?.config ?? found[0]
  // A missing directory is reported below, and nothing else is.
  const file =
    name === undefined || !isDirectory(directory) ? undefined : await readConfigFile(name, directory)
  const origin = { source: 'config file', origin: file?.name ?? '' } as const
  const taken = takeHooks(file === undefined ? {} : file.value, origin.origin, true, issues)
  return loadConfig({
    commandLine,
    hooks: taken.hooks,
    hooksFile: taken.hasWorkerHooks ? (file?.path ?? '') : '',
    config: objectLayer(taken.rest, origin, issues),
    environment: environmentLayer(input.env),
    hasSockets: situation?.hasSockets ?? false,
    cwd: input.cwd,
    parallelism: usableParallelism(),
    openFiles: openFilesLimit(),
    isAppRequired: [flags, environmentFlags].every(each => (each?.unknown.length ?? 0) === 0),
    warnings:
      name === found[0] && found.length > 1 ? [`Of ${found.join(', ')} only ${found[0]} is used`] : [],
    checks,
    issues,
    file: file?.path,
  })
}

async function loadObject(
  config: Config,
  { cwd, env, platform }: ConfigEnvironment,
  situation?: LoadSituation,
): Promise<ResolvedConfig> {
  requirePlatform(platform)
  const issues = new IssueList()
  const origin = 'the configuration object'
  const taken = takeHooks(config, origin, false, issues)
  return loadConfig({
    commandLine: [],
    hooks: taken.hooks,
    hooksFile: '',
    config: objectLayer(taken.rest, { source: 'config', origin }, issues),
    environment: environmentLayer(env),
    hasSockets: situation?.hasSockets ?? false,
    cwd,
    parallelism: usableParallelism(),
    openFiles: openFilesLimit(),
    isAppRequired: true,
    warnings: [],
    checks: new LayerChecks(issues),
    issues,
  })
}

/** The directory that the command line sets. The config file is looked for there too. */
function directoryOf(commandLine: readonly Layer[], checks: LayerChecks): string {
  const given = commandLine.flatMap(layer => layer.shared.get('chdir') ?? [])[0]
  const checked = given === undefined ? undefined : checks.value(given)
  return checked?.ok && typeof checked.value === 'string' ? checked.value : '.'
}

function requirePlatform(platform: NodeJS.Platform = process.platform): void {
  if (platform !== 'win32') return
  throw new TunicornError(
    'PLATFORM_UNSUPPORTED',
    'Tunicorn does not run on Windows: workers share sockets in a way that Windows lacks. Use Linux, macOS, WSL or a container',
  )
}
