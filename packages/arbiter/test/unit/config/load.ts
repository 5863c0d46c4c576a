/** Loads configurations the way the command and the embedding API do. */
import { ConfigError } from '../../../src/config/config-issue.js'
import type { Flags } from '../../../src/config/flag-layer.js'
import type { ResolvedConfig } from '../../../src/config/settings.js'
import {
  type CommandInput,
  configSourceFrom,
  createConfigSource,
  type LoadSituation,
} from '../../../src/config/source.js'
import { TunicornError } from '../../../src/errors.js'
import type { Project } from './project.js'

export interface CommandLine {
  readonly flags?: Flags['values']
  readonly config?: string
  readonly unknown?: readonly string[]
  readonly excess?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly environmentFlags?: Flags['values']
  readonly environmentConfig?: string
  readonly platform?: NodeJS.Platform
}

/** What {@link CommandLine} means to the configuration, in the directory of `project`. */
function commandInput(project: Project, line: CommandLine = {}): CommandInput {
  const other = line.environmentFlags ?? (line.environmentConfig === undefined ? undefined : {})
  return {
    flags: {
      values: line.flags ?? {},
      config: line.config,
      unknown: line.unknown ?? [],
      excess: line.excess ?? [],
      otherFlags: ['--config'],
    },
    environmentFlags:
      other === undefined
        ? undefined
        : { values: other, config: line.environmentConfig, unknown: [], excess: [], otherFlags: [] },
    env: line.env ?? {},
    cwd: project.path,
    ...(line.platform === undefined ? {} : { platform: line.platform }),
  }
}

export function loadCommand(project: Project, line?: CommandLine): Promise<ResolvedConfig> {
  return createConfigSource(commandInput(project, line)).load()
}

/** Loads an object that may be wrong in ways that its type forbids. */
export function loadObject(
  project: Project,
  config: unknown,
  situation?: LoadSituation,
): Promise<ResolvedConfig> {
  // The tests of wrong configurations are about what the type cannot hold.
  return configSourceFrom(config as object, { cwd: project.path, env: {} }).load(situation)
}

/** The messages of the `ConfigError` that `loading` must reject with. */
export async function issuesOf(loading: Promise<unknown>): Promise<readonly string[]> {
  const error = await errorOf(loading)
  if (!(error instanceof ConfigError)) throw error
  return error.issues.map(issue => issue.message)
}

/** The `TunicornError` that `loading` must reject with. */
export async function errorOf(loading: Promise<unknown>): Promise<TunicornError> {
  try {
    await loading
  } catch (error) {
    if (error instanceof TunicornError) return error
    throw error
  }
  throw new Error('The configuration was accepted')
}
