/** Lets a worker class check the configuration of one group. */
import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { Issue } from '../contract/issue.js'
import type { AnyWorkerClass, CheckInput } from '../contract/worker-class.js'
import { describeValue } from '../describe-value.js'
import type { ErrorCode } from '../errors.js'
import { formatPath, type IssueList } from './config-issue.js'
import type { GivenValue, GivenValues } from './given-value.js'
import type { SettingName } from './setting-record.js'
import { isSettingName, settingRecords } from './setting-records.js'
import type { GroupSettings } from './settings.js'

/** The input for the check. */
export interface ClassCheckInput {
  readonly definition: AnyWorkerClass
  readonly settings: GroupSettings
  /** Everything else that the class's own `check` receives. */
  readonly checkInput: Omit<CheckInput, 'options'>
  /** All layers, the topmost first. They show where a value came from. */
  readonly layers: readonly GivenValues[]
  readonly issues: IssueList
}

/** The result of a worker class's check. */
export interface ClassReport {
  readonly warnings: readonly string[]
  /** How many workers it wants in standby. */
  readonly spares: number
}

const noReport: ClassReport = { warnings: [], spares: 0 }

type Path = readonly (string | number)[]

/** The defaults that a class changes, as a layer. Their values are checked when they are merged. */
export function classDefaults(definition: AnyWorkerClass, issues: IssueList): GivenValues {
  const defaults = new Map<SettingName, GivenValue>()
  const origin = `the defaults of worker class "${definition.name}"`
  for (const [name, value] of Object.entries(definition.defaults ?? {})) {
    if (isSettingName(name) && settingRecords[name].scope === 'worker')
      defaults.set(name, { name, value, source: 'worker class', origin, path: [name] })
    else
      issues.add({
        path: [name],
        message: `A worker class has no say in \`${name}\`, got ${describeValue(value)}, from ${origin}`,
        code: 'WORKER_CLASS_INVALID',
      })
  }
  return defaults
}

/**
 * Adds an issue for everything that the class cannot do: the kind of the app, its options, and what its `check` reports.
 *
 * @returns what the class reports
 */
export async function checkWithClass(input: ClassCheckInput): Promise<ClassReport> {
  const { definition, settings } = input
  const { appKinds } = definition.capabilities
  if (settings.appKind !== 'auto' && !appKinds.includes(settings.appKind)) {
    const problem = `it runs apps of kind ${appKinds.join(', ')} and not \`${settings.appKind}\``
    addIssue(input, ['appKind'], problem, 'APP_KIND_UNSUPPORTED')
  }
  try {
    const options = await validOptions(input)
    return options === undefined ? noReport : reportOf(input, options.value)
  } catch (error) {
    // Neither a schema nor `check` should throw.
    const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
    const message = `Worker class "${definition.name}" failed while it checked the settings: ${what}`
    input.issues.add({ path: ['workerClass'], message, code: 'WORKER_CLASS_INVALID' })
    return noReport
  }
}

/** The options as the class's schema returns them, or `undefined` when the schema refuses them. */
async function validOptions(input: ClassCheckInput): Promise<{ readonly value: unknown } | undefined> {
  const { definition, settings } = input
  const schema = definition.options
  if (schema === undefined) {
    const names = Object.keys(settings.workerOptions)
    for (const name of names) addIssue(input, ['workerOptions', name], 'this worker class takes no options')
    return names.length === 0 ? { value: {} } : undefined
  }
  const result: StandardSchemaV1.Result<unknown> = await schema['~standard'].validate(settings.workerOptions)
  if (result.issues === undefined) return { value: result.value }
  for (const issue of result.issues) addIssue(input, ['workerOptions', ...pathOf(issue)], issue.message)
  return undefined
}

function pathOf(issue: StandardSchemaV1.Issue): Path {
  return (issue.path ?? []).map(segment => {
    const key = typeof segment === 'object' ? segment.key : segment
    return typeof key === 'number' ? key : String(key)
  })
}

/** Calls the class's own `check`, `spares` and `watchdog`. The answer of `watchdog` is for the worker, and is only validated here. */
function reportOf(input: ClassCheckInput, options: unknown): ClassReport {
  const { definition } = input
  const checkInput: CheckInput = { ...input.checkInput, options }
  const reported: readonly Issue[] = definition.check?.(checkInput) ?? []
  const warnings: string[] = []
  for (const { path, message, severity } of reported) {
    if (severity === 'warning') warnings.push(sentence(input, path, message))
    else addIssue(input, path, message)
  }
  requireFlag(definition.watchdog?.(checkInput))
  return { warnings, spares: sparesOf(definition.spares?.(checkInput)) }
}

/** A mistake in a class must not put the arbiter into a wrong state. */
function sparesOf(answer: number | undefined): number {
  if (answer === undefined) return 0
  if (Number.isSafeInteger(answer) && answer >= 0) return answer
  throw new TypeError(`expected \`spares\` to give a whole number, 0 or more, got ${describeValue(answer)}`)
}

/** In the worker, a wrong answer would fail every boot. */
function requireFlag(answer: boolean | undefined): void {
  if (answer !== undefined && typeof answer !== 'boolean')
    throw new TypeError(`expected \`watchdog\` to give true or false, got ${describeValue(answer)}`)
}

function addIssue(
  input: ClassCheckInput,
  path: Path,
  problem: string,
  code: ErrorCode = 'CONFIG_INVALID',
): void {
  const base = giverOf(input.layers, path)?.path
  input.issues.add({
    path: base === undefined ? path : [...base, ...path.slice(1)],
    message: sentence(input, path, problem),
    code,
  })
}

function sentence({ definition, layers }: ClassCheckInput, path: Path, problem: string): string {
  const giver = giverOf(layers, path)
  const shownPath = formatPath(giver === undefined ? path : [...giver.path, ...path.slice(1)])
  const where = shownPath === '' ? '' : ` \`${shownPath}\`:`
  const origin = giver === undefined ? '' : `, from ${giver.origin}`
  return `Worker class "${definition.name}":${where} ${problem}${origin}`
}

/** The value at `path`. For a setting whose keys are merged, it comes from the topmost layer that has the key. */
function giverOf(layers: readonly GivenValues[], [name, key]: Path): GivenValue | undefined {
  if (typeof name !== 'string' || !isSettingName(name)) return undefined
  const givers = layers.flatMap(layer => layer.get(name) ?? [])
  const hasKey = ({ value }: GivenValue): boolean =>
    typeof value === 'object' && value !== null && key !== undefined && Object.hasOwn(value, key)
  return (settingRecords[name].merge === 'keys' ? givers.find(hasKey) : undefined) ?? givers[0]
}
