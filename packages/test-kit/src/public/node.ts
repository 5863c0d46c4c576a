/** The suite for `node:test`. */
import { after, describe, test } from 'node:test'
import type { AnyWorkerClass } from '@tunicorn/arbiter/worker'
import type { ConformanceOptions } from '../scene/subject.js'
import { describeWorkerClass as describeWith } from '../suite/describe-worker-class.js'
import { endWhenKept } from '../suite/end-when-kept.js'

const testsAtATime = 4
const graceMs = 5_000

/**
 * Declares a test for every clause of the contract that applies to the class. Call it in a file of its own: it ends the
 * process if something that the class has left in it keeps it alive for more than 5 s after the last clause.
 */
export function describeWorkerClass(workerClass: AnyWorkerClass, options: ConformanceOptions): void {
  const known = process.getActiveResourcesInfo()
  describeWith(
    {
      describe: (name, define) => void describe(name, { concurrency: testsAtATime }, define),
      test: (name, timeout, run) => void test(name, { timeout }, run),
      after: run =>
        after(() => {
          run()
          endWhenKept({ name: workerClass.name, known, graceMs })
        }),
    },
    workerClass,
    options,
  )
}
