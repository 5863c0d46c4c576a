/** Separates the hooks from a configuration: they are functions, not settings. */
import { describeValue } from '../describe-value.js'
import { arbiterHookNames, type Hooks, hookNames, workerHookNames } from '../hooks/hooks.js'
import type { IssueList } from './config-issue.js'

export interface TakenHooks {
  readonly hooks: Hooks
  /** Whether there are hooks that run in worker processes. */
  readonly hasWorkerHooks: boolean
  /** The configuration without hooks. */
  readonly rest: unknown
}

/** A hook that is not a function becomes an issue. `isFile`: workers can read the configuration again. */
export function takeHooks(config: unknown, origin: string, isFile: boolean, issues: IssueList): TakenHooks {
  if (typeof config !== 'object' || config === null || Array.isArray(config))
    return { hooks: {}, hasWorkerHooks: false, rest: config }
  const given = Object.entries(config).filter(([name, value]) => isHookName(name) && value !== undefined)
  for (const [name, value] of given) {
    if (typeof value !== 'function')
      issues.addInvalid(
        [name],
        `Expected the hook \`${name}\` to be a function, got ${describeValue(value)}, from ${origin}`,
      )
    else if (!isFile && isWorkerHook(name))
      issues.addInvalid(
        [name],
        `The hook \`${name}\` runs in worker processes, which read it from a config file; it cannot be given from code`,
      )
  }
  const rest = Object.fromEntries(Object.entries(config).filter(([name]) => !isHookName(name)))
  // Each one was checked just above to be a function; otherwise an issue stops the start.
  const hooks = Object.fromEntries(given.filter(([name]) => isArbiterHook(name))) as Hooks
  return { hooks, hasWorkerHooks: given.some(([name]) => isWorkerHook(name)), rest }
}

const all: ReadonlySet<string> = new Set(hookNames)
const ofArbiter: ReadonlySet<string> = new Set(arbiterHookNames)
const ofWorker: ReadonlySet<string> = new Set(workerHookNames)
const isHookName = (name: string): boolean => all.has(name)
const isArbiterHook = (name: string): boolean => ofArbiter.has(name)
const isWorkerHook = (name: string): boolean => ofWorker.has(name)
