import { openDescriptors, residentBytes } from '@tunicorn/harness'
import { expect, it } from 'vitest'
import { serve } from '../supervision/server.js'

it('100 reloads leave the memory and the descriptors of the arbiter as they were', async () => {
  // A small heap is collected often, so that the memory shows what is held and not what waits for a collection.
  const env = { NODE_OPTIONS: '--max-semi-space-size=1 --max-old-space-size=16' }
  await using server = await serve({ workers: 1, env })
  let round = 0
  const reload = async (times: number): Promise<number> => {
    let bytes = 0
    for (const last = round + times; round < last; ) {
      server.signal('SIGHUP')
      round += 1
      await server.waitForTimes('Reload done', round, 60_000)
      bytes += residentBytes(server.pid)
    }
    // The worker of the last but one generation has gone, and its channel with it.
    await server.waitForTimes('Worker exiting', round, 60_000)
    return bytes / times
  }
  await reload(150)
  // The mean of 50 reloads: single figures go up and down with each collection.
  const before = { bytes: await reload(50), descriptors: openDescriptors(server.pid) }
  await reload(50)
  const after = { bytes: await reload(50), descriptors: openDescriptors(server.pid) }
  const megabytes = (bytes: number): string => (bytes / 1_048_576).toFixed(1)
  console.log(
    `arbiter before and after 100 reloads: ${megabytes(before.bytes)} and ${megabytes(after.bytes)} MiB`,
  )
  expect(after.descriptors).toBeLessThanOrEqual(before.descriptors)
  expect(after.bytes).toBeLessThan(before.bytes * 1.05)
  await server.stop()
}, 600_000)
