/** A module with a worker class, checked as far as the suite's own processes need it. */

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
