/** Every row of the HTTP policy on every worker class, whole, byte by byte and in odd pieces. */
import { describe, expect, test } from 'vitest'
import { chunkings } from '../policy/chunkings.js'
import { allRows } from '../policy/rows/all.js'
import { differences } from '../policy/run.js'
import { subjects } from '../policy/subject.js'

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 1_000_000))

describe.each(subjects)('$workerClass with an app of kind $kind', subject => {
  test(`does with each row what the policy says, however its bytes arrive (SEED=${seed})`, async () => {
    expect(await differences(subject, allRows, chunkings(seed))).toEqual([])
  })
})
