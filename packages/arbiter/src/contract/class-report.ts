/** A report on each worker class that a project has installed. Imports them, as a start would. */
import { readVersion } from '../version.js'
import { type WorkerPackage, workerPackages } from './installed.js'
import { parseWorkerClass } from './validate.js'
import { packageOf, versionProblems } from './version-fit.js'
import type { WorkerCapabilities } from './worker-class.js'

/** A worker class that is installed, or the reason why it cannot be used. */
export type WorkerClassReport = UsableWorkerClass | UnusableWorkerClass

interface WorkerClassFacts {
  /** What to give as `workerClass`. */
  readonly name: string
  readonly packageName: string
  /** Version of the package; empty when it is not known. */
  readonly version: string
  /** The project's own `package.json` names it. */
  readonly isDeclared: boolean
  /** What does not fit although the contract does, such as the versions of packages. */
  readonly warnings: readonly string[]
}

interface UsableWorkerClass extends WorkerClassFacts {
  readonly type: 'usable'
  /** What the class calls itself, in logs and metrics. */
  readonly className: string
  /** Revision of the contract. */
  readonly contract: number
  readonly capabilities: WorkerCapabilities
}

interface UnusableWorkerClass extends WorkerClassFacts {
  readonly type: 'unusable'
  /** A sentence without a final stop. */
  readonly problem: string
}

/** How long a module may take to be imported. */
const importMs = 10_000

/**
 * Reports on every package that is named like a worker class and is declared or lies in a `node_modules` that the
 * project sees, sorted by name.
 *
 * @param version of this arbiter
 */
export async function reportWorkerClasses(
  directory: string,
  version: string = readVersion(),
): Promise<readonly WorkerClassReport[]> {
  return Promise.all(workerPackages(directory).map(found => reportOf(found, version)))
}

async function reportOf(found: WorkerPackage, version: string): Promise<WorkerClassReport> {
  const { name, packageName, isDeclared, resolution } = found
  const facts = { name, packageName, isDeclared, version: '', warnings: [] }
  if (resolution.type === 'missing')
    return {
      ...facts,
      type: 'unusable',
      problem: 'package.json names it, and it is not installed. Run: npm install',
    }
  if (resolution.type === 'broken')
    return { ...facts, type: 'unusable', problem: `the package ${resolution.problem}` }

  const known = {
    ...facts,
    version: packageOf(resolution.url)?.version ?? '',
    warnings: await versionProblems(resolution.url, version),
  }
  try {
    const definition = parseWorkerClass(await importInTime(resolution.url), packageName)
    const { name: className, contract, capabilities } = definition
    return { ...known, type: 'usable', className, contract, capabilities }
  } catch (error) {
    return { ...known, type: 'unusable', problem: problemOf(error) }
  }
}

/** A module that never finishes must not hide the others. */
async function importInTime(url: string): Promise<unknown> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`its module did not load within ${importMs / 1_000} s`)),
      importMs,
    )
  })
  try {
    return await Promise.race([import(url), late])
  } finally {
    clearTimeout(timer)
  }
}

function problemOf(error: unknown): string {
  if (!(error instanceof Error)) return `its module threw ${String(error)}`
  return error.name === 'Error' || error.name === 'TunicornError'
    ? error.message
    : `${error.name}: ${error.message}`
}
