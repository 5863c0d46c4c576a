/** What HTTP asks of a server, row by row, on every worker class. `test/soak` plays the rows also in pieces. */
import { describe, expect, test } from 'vitest'
import { chunkings } from './chunkings.js'
import { allRows } from './rows/all.js'
import { differences } from './run.js'
import { subjects } from './subject.js'

describe.each(subjects)('$workerClass with an app of kind $kind', subject => {
  test('does with each row what the policy says', async () => {
    const { whole } = chunkings(1)
    // Those that wait for a time-out are left to the long run, but for one class.
    const rows = allRows.filter(({ setup }) => setup !== 'patient' || subject === subjects[0])
    expect(await differences(subject, rows, { whole })).toEqual([])
  })
})
