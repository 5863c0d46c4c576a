/** Resolves one group: its worker class, app, addresses, number of workers and options. */
import { resolve } from 'node:path'
import { type AppLocation, locateApp } from '../app/specifier.js'
import { type ResolvedWorkerClass, resolveWorkerClass } from '../contract/resolve.js'
import type { AnyWorkerClass } from '../contract/worker-class.js'
import type { Owner } from '../sockets/address.js'
import { workerNumbers } from './autoscale-bounds.js'
import { checkWithClass, classDefaults } from './class-check.js'
import { formatPath, type IssueList } from './config-issue.js'
import { roomFor } from './connection-room.js'
import { readEnvFiles } from './env-files.js'
import type { GivenValues } from './given-value.js'
import { groupAddresses } from './group-addresses.js'
import { type GroupIssueInput, groupIssues } from './group-issues.js'
import type { LayerChecks } from './layer-checks.js'
import { type MergedSettings, mergeSettings } from './merge.js'
import { nodeOptionsProblem } from './node-options-problem.js'
import type { SettingName } from './setting-record.js'
import { allRecords } from './setting-records.js'
import type { GroupSettings, ResolvedGroup, SettingSource } from './settings.js'
import { type TlsIssueInput, tlsIssues } from './tls-issues.js'
import { workerSettingsOf } from './worker-settings-of.js'

/** The input for a group. */
export interface GroupInput {
  readonly name: string
  /** Layers of this group, the topmost first. */
  readonly layers: readonly GivenValues[]
  /** Directory that relative paths and packages are resolved from. */
  readonly directory: string
  /** Number of workers that `auto` stands for. */
  readonly parallelism: number
  /** The most files that a worker may have open, if there is a limit. */
  readonly openFiles: number | undefined
  /** False when the app may be hidden among unknown flags. */
  readonly isAppRequired: boolean
  /** The sockets were passed by systemd, so `bind` is ignored. */
  readonly hasSockets: boolean
  /** Owner of the Unix sockets, when it is not the user who binds them. */
  readonly owner: Owner | undefined
  /** Where a debugger attaches to the group's worker. */
  readonly inspector: ResolvedGroup['inspector']
  readonly checks: LayerChecks
  readonly issues: IssueList
}

/** A group, as far as it could be resolved. */
export interface LoadedGroup {
  /** Absent when there were issues. */
  readonly group?: ResolvedGroup
  readonly sources: ReadonlyMap<SettingName, SettingSource>
  readonly warnings: readonly string[]
}

const groupRecords = allRecords.filter(record => record.scope !== 'arbiter')

/** Resolves a group. Every problem is added to the issues, and none stops the search for others. */
export async function loadGroup(input: GroupInput): Promise<LoadedGroup> {
  const { name, issues } = input
  const workerClass = await findWorkerClass(input)
  const defaults = workerClass === undefined ? new Map() : classDefaults(workerClass.definition, issues)
  const layers = [...input.layers, defaults]
  const merged = mergeSettings(groupRecords, layers, input.checks)
  // Validated by `mergeSettings`: every record's schema has seen its value.
  const settings = withPaths(merged.values as unknown as GroupSettings, input.directory)
  const definition = workerClass?.definition
  const given = namesOfGiven(merged)
  const numbers = workerNumbers(settings, { ...input, isGiven: given.has('workers') })
  const { workers, autoscale } = numbers
  const app = findApp(merged, settings, input)
  const addresses = groupAddresses({ ...input, merged, settings, definition })
  const plainClass = definition?.capabilities.tls === true ? undefined : definition?.name
  const http1Class = definition?.capabilities.http2 === true ? undefined : definition?.name
  checkTls(merged, { settings, addresses, http1Class, plainClass }, input)
  const fileVariables = findVariables(merged, settings, input)
  await checkNodeOptions(merged, settings, input)
  if (workerClass === undefined) return { sources: merged.sources, warnings: [] }

  const report = merged.refused.has('workerOptions')
    ? { warnings: [], spares: 0 }
    : await checkWithClass({
        definition: workerClass.definition,
        settings,
        checkInput: { group: name, workers, settings: workerSettingsOf(merged.values), given },
        layers,
        issues,
      })
  checkTogether(merged, { settings, workers: autoscale?.max ?? workers, spares: report.spares }, input)
  const connections = connectionsOf(workerClass.definition, settings, input.openFiles)
  const warnings = [
    ...workerClass.warnings,
    ...report.warnings,
    ...numbers.warnings.map(warning => `${subjectOf(input)}${warning}`),
    ...connectionWarnings(connections, settings, input),
  ]
  if (app === undefined) return { sources: merged.sources, warnings }
  const { inspector } = input
  // A debugger should attach to the worker that serves, so there are no spares.
  const spares = inspector ? 0 : report.spares
  const group = {
    name,
    settings,
    workers,
    ...(autoscale && { autoscale }),
    connections,
    spares,
    addresses,
    app,
    workerClass,
    fileVariables,
    given,
    ...(inspector && { inspector }),
  }
  return { group, sources: merged.sources, warnings }
}

/** A class that serves one request at a time has one connection, so open files do not limit it. */
function connectionsOf(
  { capabilities }: AnyWorkerClass,
  { workerConnections }: GroupSettings,
  openFiles: number | undefined,
): number {
  return capabilities.concurrency === 'single' ? workerConnections : roomFor(workerConnections, openFiles)
}

function connectionWarnings(
  connections: number,
  { workerConnections }: GroupSettings,
  input: GroupInput,
): readonly string[] {
  if (connections >= workerConnections) return []
  return [
    `Each worker${whoseGroup(input)} accepts ${connections} connections at a time, not the ${workerConnections} of \`workerConnections\`: it may have ${input.openFiles} files open. Raise that limit (\`ulimit -n\`, or LimitNOFILE= of systemd), or lower \`workerConnections\``,
  ]
}

function whoseGroup({ name }: GroupInput): string {
  return name === defaultGroup ? '' : ` of group \`${name}\``
}

function subjectOf({ name }: GroupInput): string {
  return name === defaultGroup ? '' : `Group \`${name}\`: `
}

function withPaths(settings: GroupSettings, directory: string): GroupSettings {
  const fileOf = (path: string): string => (path === '' ? '' : resolve(directory, path))
  const { accessLog } = settings
  return {
    ...settings,
    envFile: settings.envFile.map(fileOf),
    accessLog: accessLog === '-' ? accessLog : fileOf(accessLog),
    certfile: fileOf(settings.certfile),
    keyfile: fileOf(settings.keyfile),
    caCerts: fileOf(settings.caCerts),
    certificates: settings.certificates.map(({ certfile, keyfile }) => ({
      certfile: fileOf(certfile),
      keyfile: fileOf(keyfile),
    })),
  }
}

const tlsNames: readonly SettingName[] = [
  'bind',
  'certfile',
  'http2',
  'redirectHttp',
  'keyfile',
  'caCerts',
  'certReqs',
  'certificates',
]

/** Called once the individual settings are valid. */
function checkTls(merged: MergedSettings, input: Omit<TlsIssueInput, 'hasSockets'>, group: GroupInput): void {
  if (tlsNames.some(name => merged.refused.has(name))) return
  for (const [name, problem] of tlsIssues({ ...input, hasSockets: group.hasSockets }))
    group.issues.addInvalid(pathOf(merged, name), `${prefixOf(merged, name)}${problem}`)
}

/** Called once the individual settings are valid. */
function checkTogether(merged: MergedSettings, input: GroupIssueInput, { issues }: GroupInput): void {
  for (const [name, problem] of groupIssues(input)) {
    if (!merged.refused.has(name))
      issues.addInvalid(pathOf(merged, name), `${problem}${fromOf(merged, name)}`)
  }
}

async function findWorkerClass(input: GroupInput): Promise<ResolvedWorkerClass | undefined> {
  const { layers, checks, directory, issues } = input
  const records = groupRecords.filter(record => record.name === 'workerClass')
  const merged = mergeSettings(records, layers, checks)
  if (merged.refused.has('workerClass')) return undefined
  try {
    return await resolveWorkerClass(String(merged.values.workerClass), directory)
  } catch (error) {
    issues.addError(pathOf(merged, 'workerClass'), error, prefixOf(merged, 'workerClass'))
    return undefined
  }
}

function findApp(
  merged: MergedSettings,
  settings: GroupSettings,
  input: GroupInput,
): AppLocation | undefined {
  const { name, directory, isAppRequired, issues } = input
  if (merged.refused.has('app')) return undefined
  if (settings.app === '') {
    const whose = name === defaultGroup ? '' : ` for group \`${name}\``
    const message = `No app was given${whose}: name it on the command line (tunicorn ./app.js) or as \`app\` in the config file`
    if (isAppRequired) issues.addInvalid(pathOf(merged, 'app'), message)
    return undefined
  }
  try {
    return locateApp(settings.app, directory)
  } catch (error) {
    issues.addError(pathOf(merged, 'app'), error, prefixOf(merged, 'app'))
    return undefined
  }
}

function findVariables(
  merged: MergedSettings,
  { envFile }: GroupSettings,
  { issues }: GroupInput,
): ResolvedGroup['fileVariables'] {
  return readEnvFiles(envFile, (file, why) =>
    issues.addInvalid(
      pathOf(merged, 'envFile'),
      `Expected \`envFile\` to be a file that can be read, got \`${file}\`${fromOf(merged, 'envFile')}: ${why}`,
    ),
  )
}

async function checkNodeOptions(
  merged: MergedSettings,
  { nodeOptions }: GroupSettings,
  { issues }: GroupInput,
): Promise<void> {
  const problem = await nodeOptionsProblem(nodeOptions)
  if (problem === undefined) return
  const got = `got \`${nodeOptions.join(' ')}\`${fromOf(merged, 'nodeOptions')}`
  issues.addInvalid(
    pathOf(merged, 'nodeOptions'),
    `Expected \`nodeOptions\` to be options of Node.js, ${got}: ${problem}`,
  )
}

/** Name of the only group when the configuration has no groups. */
export const defaultGroup = 'default'

const notGiven: ReadonlySet<SettingSource> = new Set(['default', 'worker class', 'debugging'])

function namesOfGiven({ sources }: MergedSettings): ReadonlySet<string> {
  return new Set([...sources].filter(([, source]) => !notGiven.has(source)).map(([name]) => name))
}

function pathOf({ given }: MergedSettings, name: SettingName): readonly (string | number)[] {
  return given.get(name)?.path ?? [name]
}

function fromOf({ given }: MergedSettings, name: SettingName): string {
  const value = given.get(name)
  return value === undefined ? '' : `, from ${value.origin}`
}

/** States where a value came from, unless the user has just typed it. */
function prefixOf({ given }: MergedSettings, name: SettingName): string {
  const value = given.get(name)
  if (value === undefined || value.source === 'flag') return ''
  return `In ${value.origin}, \`${formatPath(value.path)}\`: `
}
