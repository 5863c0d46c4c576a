/** Decides whether a module is a worker class, and if not, reports everything that is wrong with it. Pure. */
import { describeValue } from '../describe-value.js'
import { TunicornError } from '../errors.js'
import { isRecord } from '../is-record.js'
import type { AnyWorkerClass } from './worker-class.js'

/** The contract revision that this arbiter knows. */
const contractRevision = 1

/**
 * The worker class that a module exports as its default.
 *
 * @param module what `import` returned
 * @param source the package or the URL, for messages
 * @throws TunicornError `WORKER_CLASS_INVALID` with every problem
 */
export function parseWorkerClass(module: unknown, source: string): AnyWorkerClass {
  const candidate = defaultExport(module)
  if (candidate === undefined)
    throw new TunicornError(
      'WORKER_CLASS_INVALID',
      `\`${source}\` is not a worker class: it has no default export`,
    )
  const problems = workerClassProblems(candidate)
  if (problems.length > 0)
    throw new TunicornError(
      'WORKER_CLASS_INVALID',
      `\`${source}\` is not a worker class: ${problems.join('; ')}`,
    )
  // Validated by `workerClassProblems` just above.
  return candidate as AnyWorkerClass
}

/** Every way in which a value falls short of the contract; none when it is a worker class. */
export function workerClassProblems(value: unknown): readonly string[] {
  if (!isRecord(value)) return [`expected an object, got ${describeValue(value)}`]
  // Nothing else can be judged in a contract that is not known here.
  if (value.contract !== contractRevision) return [contractProblem(value.contract)]
  return [...nameProblems(value.name), ...capabilityProblems(value.capabilities), ...memberProblems(value)]
}

function contractProblem(contract: unknown): string {
  if (typeof contract === 'number' && Number.isInteger(contract) && contract > contractRevision)
    return `it implements contract ${contract}, and this arbiter knows contract ${contractRevision}. Upgrade it: npm install tunicorn@latest`
  return `expected \`contract\` to be ${contractRevision}, got ${describeValue(contract)}`
}

function nameProblems(name: unknown): readonly string[] {
  if (typeof name === 'string' && /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) return []
  return [`expected \`name\` to be lower-case words joined by "-", got ${describeValue(name)}`]
}

const flags = ['keepAlive', 'streaming', 'upgrade', 'lifespan']
const optionalFlags = ['tls', 'http2', 'needsListener']
const choices: readonly (readonly [string, readonly string[]])[] = [
  ['concurrency', ['single', 'multiple']],
  ['heartbeat', ['host', 'worker']],
]

function capabilityProblems(capabilities: unknown): readonly string[] {
  if (!isRecord(capabilities))
    return [`expected \`capabilities\` to be an object, got ${describeValue(capabilities)}`]
  const problems: string[] = []
  const { appKinds } = capabilities
  if (!Array.isArray(appKinds) || appKinds.length === 0 || !appKinds.every(isFilledText))
    problems.push(
      `expected \`capabilities.appKinds\` to be a list of app kinds, got ${describeValue(appKinds)}`,
    )
  for (const [name, words] of choices) {
    const value = capabilities[name]
    if (typeof value !== 'string' || !words.includes(value))
      problems.push(
        `expected \`capabilities.${name}\` to be ${words.map(word => JSON.stringify(word)).join(' or ')}, got ${describeValue(value)}`,
      )
  }
  for (const name of flags)
    if (typeof capabilities[name] !== 'boolean')
      problems.push(
        `expected \`capabilities.${name}\` to be true or false, got ${describeValue(capabilities[name])}`,
      )
  for (const name of optionalFlags)
    if (capabilities[name] !== undefined && typeof capabilities[name] !== 'boolean')
      problems.push(
        `expected \`capabilities.${name}\` to be true or false, got ${describeValue(capabilities[name])}`,
      )
  return problems
}

const optionalFunctions = ['check', 'spares', 'watchdog']

function memberProblems(value: Readonly<Record<string, unknown>>): readonly string[] {
  const problems: string[] = []
  const functions = ['create', ...optionalFunctions.filter(name => value[name] !== undefined)]
  for (const name of functions)
    if (typeof value[name] !== 'function')
      problems.push(`expected \`${name}\` to be a function, got ${describeValue(value[name])}`)
  if (value.defaults !== undefined && !isRecord(value.defaults))
    problems.push(`expected \`defaults\` to be an object of settings, got ${describeValue(value.defaults)}`)
  if (value.options !== undefined && !isStandardSchema(value.options))
    problems.push(`expected \`options\` to be a Standard Schema, got ${describeValue(value.options)}`)
  return problems
}

function isStandardSchema(value: unknown): boolean {
  // Some libraries' schemas are functions.
  if (typeof value !== 'object' && typeof value !== 'function') return false
  if (value === null || !('~standard' in value)) return false
  const standard = value['~standard']
  return isRecord(standard) && standard.version === 1 && typeof standard.validate === 'function'
}

/** The default export, also that of a CommonJS module that was compiled from ESM. */
function defaultExport(module: unknown): unknown {
  if (!isRecord(module)) return undefined
  const outer = module.default
  return isRecord(outer) && outer.__esModule === true && outer.default !== undefined ? outer.default : outer
}

function isFilledText(value: unknown): boolean {
  return typeof value === 'string' && value !== ''
}
