import { expect, it } from 'vitest'
import { ask, runArbiter, servingAt } from '../support/run-arbiter.js'

it('a limit below what a worker needs to boot is said once, with both figures, and does not recycle it', async () => {
  await using server = await runArbiter({ workers: 2, maxRss: '20mb' })
  await servingAt(server)
  const [, footprint] = await server.waitForOutput(
    /WARN: `maxRss` is 20 MiB, and a worker has (\d+) MiB after its boot: it is replaced above (?:\d+) MiB/,
  )
  expect(Number(footprint)).toBeGreaterThan(20)
  await server.stop()
  expect(server.output.match(/`maxRss` is 20 MiB/g)).toHaveLength(1)
  expect(server.output).not.toContain('Recycling')
})

it('a worker whose memory is far above the limit is replaced before it has served for ten seconds', async () => {
  await using server = await runArbiter({ workers: 1, maxRss: '150mb' })
  const url = await servingAt(server)
  const startedAt = performance.now()
  const { pid } = await ask(`${url}/keep`)
  await server.waitForOutput(/Recycling worker: its memory is \d+ MiB, the limit is 150 MiB/)
  expect(performance.now() - startedAt).toBeLessThan(8_000)
  await server.waitForOutput(new RegExp(`Worker exiting \\(pid: ${pid}\\)`))
  await server.stop()
})
