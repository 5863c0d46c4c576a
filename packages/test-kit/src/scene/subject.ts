/** What is tested, and with what. */
import type { AnyWorkerClass, AppKind, WorkerSettings } from '@tunicorn/arbiter/worker'
import type { Driver } from '../driver/driver.js'
import { httpDriver } from '../driver/http-driver.js'
import { fileUrl } from './file-url.js'

export interface ConformanceOptions {
  /** The built module, as users get it, whose default export is the class. Worker processes import it. */
  readonly module: string | URL
  /** What speaks to the worker. @default httpDriver */
  readonly driver?: Driver
  /** Modules with fixture apps, by app kind, in addition to the driver's. */
  readonly apps?: Readonly<Record<AppKind, string | URL>>
  /** `workerOptions` for every worker of the suite. @default {} */
  readonly options?: unknown
  /** Settings for every worker of the suite. A clause may override them. */
  readonly settings?: Partial<WorkerSettings>
  /**
   * Clauses that are known to fail, by their number, each with the reason. Such a clause must fail: if it passes, the run
   * fails.
   */
  readonly expectedFailures?: Readonly<Record<string, string>>
  /** How long to wait for an event before its clause fails. Seconds. @default 15 */
  readonly patience?: number
}

export interface Subject {
  readonly workerClass: AnyWorkerClass
  /** `file:` URL. */
  readonly module: string
  readonly driver: Driver
  /** `file:` URLs of the fixtures for the kinds that the class promises, in the order of the class. */
  readonly fixtures: ReadonlyMap<AppKind, string>
  readonly options: unknown
  readonly settings: Partial<WorkerSettings>
  readonly patienceMs: number
}

/** @throws TypeError when there is no fixture app for a kind that the class promises */
export function createSubject(workerClass: AnyWorkerClass, options: ConformanceOptions): Subject {
  const { module, driver = httpDriver, apps = {}, settings = {}, patience = 15 } = options
  return {
    workerClass,
    module: fileUrl(module, 'module'),
    driver,
    fixtures: fixturesOf(workerClass, { ...driver.apps, ...apps }),
    options: options.options ?? {},
    settings,
    patienceMs: patience * 1_000,
  }
}

function fixturesOf(
  { name, capabilities }: AnyWorkerClass,
  apps: Readonly<Record<AppKind, string | URL>>,
): ReadonlyMap<AppKind, string> {
  const fixtures = new Map<AppKind, string>()
  for (const kind of capabilities.appKinds) {
    const fixture = apps[kind]
    if (fixture === undefined)
      throw new TypeError(
        `The worker class "${name}" promises apps of kind \`${kind}\`, for which the suite has no fixture app. Give one: \`apps: { ${kind}: new URL('./conformance-app.js', import.meta.url) }\``,
      )
    fixtures.set(kind, fileUrl(fixture, `apps.${kind}`))
  }
  return fixtures
}
