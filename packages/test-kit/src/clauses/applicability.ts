/** Conditions under which a clause applies. Pure. */
import type { AppKind, WorkerCapabilities } from '@tunicorn/arbiter/worker'
import type { Act } from '../driver/driver.js'
import type { Subject } from '../scene/subject.js'

export type Condition = (subject: Subject) => boolean

/** The fixture apps of the driver know the act. */
export function knows(act: Act): Condition {
  return ({ driver }) => driver.acts.includes(act)
}

/** The class promises this. */
export function promises<Name extends keyof WorkerCapabilities>(
  name: Name,
  value: WorkerCapabilities[Name],
): Condition {
  return ({ workerClass }) => workerClass.capabilities[name] === value
}

/** The class promises to run apps of this kind. */
export function runs(kind: AppKind): Condition {
  return ({ workerClass }) => workerClass.capabilities.appKinds.includes(kind)
}

export const speaksHttp: Condition = ({ driver }) => driver.protocol === 'http'

export function all(...conditions: readonly Condition[]): Condition {
  return subject => conditions.every(condition => condition(subject))
}
