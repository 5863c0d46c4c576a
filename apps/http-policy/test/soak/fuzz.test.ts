/**
 * Streams of right and wrong requests, random and repeated by their seed, to every worker class and to bare `node:http`. `SOAK_REQUESTS`
 * is the number of requests, over all worker classes.
 */
import { expect, test } from 'vitest'
import { fuzz } from '../fuzz/run.js'
import { subjects } from '../policy/subject.js'

// That of the run which the documents tell of.
const seed = Number(process.env.SEED ?? 42)
const requests = Number(process.env.SOAK_REQUESTS ?? 0) / subjects.length

test.each(subjects)(
  `$workerClass with an app of kind $kind takes for a request only what Node does, and answers each once (SEED=${seed})`,
  async subject => {
    const { faults, ...numbers } = await fuzz(subject, { seed, requests, ms: 3_500 })
    console.log(`${subject.workerClass} and ${subject.kind}, seed ${seed}: ${JSON.stringify(numbers)}`)
    expect(faults).toEqual([])
  },
  3_600_000,
)
