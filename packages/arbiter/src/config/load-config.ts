/** Builds the whole configuration from its layers. */
import { resolve } from 'node:path'
import type { ArbiterHooks } from '../hooks/hooks.js'
import { formatAddress } from '../sockets/address.js'
import { adminAddressOf } from './admin-address.js'
import type { IssueList } from './config-issue.js'
import { debugModeOf, inspectorOfGroup } from './debug-mode.js'
import { findIdentity } from './find-identity.js'
import type { GivenValues, Layer } from './given-value.js'
import { isDirectory } from './is-directory.js'
import type { LayerChecks } from './layer-checks.js'
import { defaultGroup, type LoadedGroup, loadGroup } from './load-group.js'
import { type MergedSettings, mergeSettings } from './merge.js'
import type { SettingName } from './setting-record.js'
import { allRecords } from './setting-records.js'
import type { ArbiterSettings, ResolvedConfig, ResolvedGroup } from './settings.js'
import { graceProblem } from './termination-grace.js'

/** The input for a configuration. */
export interface ConfigInput {
  /** Flags, then `TUNICORN_CMD_ARGS`. */
  readonly commandLine: readonly Layer[]
  /** The config file, or the object of the embedding API. */
  readonly config: Layer
  readonly environment: Layer
  /** The sockets come from elsewhere, so `bind` is ignored. */
  readonly hasSockets: boolean
  readonly cwd: string
  readonly parallelism: number
  /** The most files that a worker may have open, if there is a limit. */
  readonly openFiles: number | undefined
  /** False when the app may be hidden among unknown flags. */
  readonly isAppRequired: boolean
  readonly warnings: readonly string[]
  readonly checks: LayerChecks
  readonly issues: IssueList
  readonly file?: string | undefined
  readonly hooks: ArbiterHooks
  readonly hooksFile: string
}

const arbiterRecords = allRecords.filter(record => record.scope === 'arbiter')

/** @throws ConfigError that lists every problem */
export async function loadConfig(input: ConfigInput): Promise<ResolvedConfig> {
  const { checks, issues } = input
  const names = input.config.groups.size === 0 ? [defaultGroup] : [...input.config.groups.keys()]
  // Overridden values are checked too: they would take effect as soon as what overrides them is removed.
  for (const layer of [...input.commandLine, input.config]) checks.layer(layer)

  const commandLine = input.commandLine.map(layer => applicable(layer, names, issues))
  const below = [input.config.shared, input.environment.shared]
  const merged = mergeSettings(arbiterRecords, [...commandLine, ...below], checks)
  const arbiter = arbiterSettings(merged, input)

  const identity = findIdentity(arbiter, merged, issues)
  // Nothing can be found in a directory that does not exist. What the groups lack would only follow from that.
  if (!isDirectory(arbiter.chdir)) issues.throwIfAny()
  const debugMode = debugModeOf(arbiter, merged, issues)
  const loaded = new Map<string, LoadedGroup>()
  for (const [index, name] of names.entries()) {
    const above = debugMode ? [debugMode.layer, ...commandLine] : commandLine
    const layers = [...above, input.config.groups.get(name) ?? new Map(), ...below]
    const inspector = debugMode && inspectorOfGroup(debugMode, index)
    const place = { directory: arbiter.chdir, owner: identity }
    loaded.set(name, await loadGroup({ ...input, ...place, name, layers, inspector }))
  }
  const groups = [...loaded.values()].flatMap(({ group }) => group ?? [])
  if (!input.hasSockets) checkAddresses(groups, arbiter.admin, issues)
  checkGrace(arbiter, merged, { ...input, groups })
  issues.throwIfAny()

  return {
    arbiter,
    groups,
    sources: new Map([
      ['', merged.sources],
      ...[...loaded].map(([name, { sources }]) => [name, sources] as const),
    ]),
    hooks: input.hooks,
    hooksFile: input.hooksFile,
    warnings: [
      ...input.warnings,
      ...(debugMode?.warnings ?? []),
      ...[...loaded.values()].flatMap(({ warnings }) => warnings),
      ...(debugMode ? [] : scalingWarnings(arbiter, groups)),
    ],
    ...(input.file === undefined ? {} : { file: input.file }),
    ...(identity === undefined ? {} : { identity }),
  }
}

const oneGroupOnly: readonly SettingName[] = ['app', 'bind', 'workerClass']

/** The command line's settings that apply to every group. The others become issues when there are several groups. */
function applicable(layer: Layer, names: readonly string[], issues: IssueList): GivenValues {
  if (names.length < 2) return layer.shared
  const shared = new Map(layer.shared)
  for (const name of oneGroupOnly) {
    const given = shared.get(name)
    if (given === undefined) continue
    shared.delete(name)
    const list = names.map(group => `\`${group}\``).join(', ')
    issues.addInvalid(
      [name],
      `The setting \`${name}\`, from ${given.origin}, would reach all of the groups ${list}; set it for each group in the config file`,
    )
  }
  return shared
}

function arbiterSettings(merged: MergedSettings, { cwd, issues }: ConfigInput): ArbiterSettings {
  // Validated by `mergeSettings`: every record's schema has seen its value.
  const settings = merged.values as unknown as ArbiterSettings
  const chdir = resolve(cwd, settings.chdir)
  if (!isDirectory(chdir)) {
    const origin = merged.given.get('chdir')?.origin ?? 'the current directory'
    issues.addInvalid(['chdir'], `Expected \`chdir\` to be a directory, and ${chdir} is none, from ${origin}`)
  }
  return {
    ...settings,
    chdir,
    control: ['auto', 'off'].includes(settings.control) ? settings.control : resolve(chdir, settings.control),
    pidfile: settings.pidfile === '' ? '' : resolve(chdir, settings.pidfile),
    errorLog: settings.errorLog === '-' ? '-' : resolve(chdir, settings.errorLog),
    reloadExtraFiles: settings.reloadExtraFiles.map(path => resolve(chdir, path)),
    reloadIgnore: settings.reloadIgnore.map(path => resolve(chdir, path)),
  }
}

function scalingWarnings(
  { maxRssTotal }: ArbiterSettings,
  groups: readonly ResolvedGroup[],
): readonly string[] {
  if (maxRssTotal === 0 || groups.some(({ autoscale }) => autoscale)) return []
  return ['`maxRssTotal` has no effect: it bounds `autoscale`, which no group has']
}

/** Called once the individual settings are valid. */
function checkGrace(
  { terminationGrace, drainDelay }: ArbiterSettings,
  { given, refused }: MergedSettings,
  { groups, hooks, issues }: Pick<ConfigInput, 'hooks' | 'issues'> & Pick<ResolvedConfig, 'groups'>,
): void {
  if (refused.has('terminationGrace') || refused.has('drainDelay')) return
  const problem = graceProblem({
    terminationGrace,
    origin: given.get('terminationGrace')?.origin ?? 'its default',
    drainDelay,
    gracefulTimeouts: new Map(groups.map(({ name, settings }) => [name, settings.gracefulTimeout])),
    hasExitHook: hooks.onExit !== undefined,
  })
  if (problem !== undefined)
    issues.addInvalid(given.get('terminationGrace')?.path ?? ['terminationGrace'], problem)
}

/** Two listeners at one address: the second could not be bound. Port 0 is a new port each time. */
function checkAddresses(groups: readonly ResolvedGroup[], admin: string, issues: IssueList): void {
  const owners = new Map<string, string>()
  for (const { name, addresses } of groups)
    for (const address of addresses) {
      if (address.type === 'tcp' && address.port === 0) continue
      const text = formatAddress(address)
      const owner = owners.get(text)
      owners.set(text, name)
      if (owner === name) issues.addInvalid(['bind'], `The address ${text} is in \`bind\` twice`)
      else if (owner !== undefined)
        issues.addInvalid(
          ['bind'],
          `The groups \`${owner}\` and \`${name}\` both bind ${text}; give each its own \`bind\``,
        )
    }
  const watched = adminAddressOf(admin)
  if (watched && owners.has(formatAddress(watched)))
    issues.addInvalid(
      ['admin'],
      `\`admin\` and \`bind\` both have ${formatAddress(watched)}; give \`admin\` a port of its own`,
    )
}
