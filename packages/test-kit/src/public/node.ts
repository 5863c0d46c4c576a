/** The suite for `node:test`. */
import { after, describe, test } from 'node:test'
import type { AnyWorkerClass } from '@tunicorn/arbiter/worker'
import type { ConformanceOptions } from '../scene/subject.js'
import { describeWorkerClass as describeWith } from '../suite/describe-worker-class.js'

const testsAtATime = 4

/** Declares a test for every clause of the contract that applies to the class. */
export function describeWorkerClass(workerClass: AnyWorkerClass, options: ConformanceOptions): void {
  describeWith(
    {
      describe: (name, define) => void describe(name, { concurrency: testsAtATime }, define),
      test: (name, timeout, run) => void test(name, { timeout }, run),
      after: run => after(run),
    },
    workerClass,
    options,
  )
}
