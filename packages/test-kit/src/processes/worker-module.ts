/** A module with a worker class, as far as the suite's own processes need to be sure of it. */

import { workerClassProblems } from '@tunicorn/arbiter/testing'
import type { AnyWorkerClass } from '@tunicorn/arbiter/worker'

export function isWorkerModule(module: unknown): module is { readonly default: AnyWorkerClass } {
  return (
    typeof module === 'object' &&
    module !== null &&
    'default' in module &&
    workerClassProblems(module.default).length === 0
  )
}
