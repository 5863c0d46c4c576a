/** The suite for Vitest. */
import type { AnyWorkerClass } from '@tunicorn/arbiter/worker'
import { afterAll, describe, test } from 'vitest'
import type { ConformanceOptions } from '../scene/subject.js'
import { describeWorkerClass as describeWith } from '../suite/describe-worker-class.js'

/** Declares a test for every clause of the contract that applies to the class. */
export function describeWorkerClass(workerClass: AnyWorkerClass, options: ConformanceOptions): void {
  describeWith(
    {
      describe: (name, define) => void describe.concurrent(name, define),
      test: (name, timeout, run) => test(name, { timeout }, run),
      after: run => afterAll(run),
    },
    workerClass,
    options,
  )
}
