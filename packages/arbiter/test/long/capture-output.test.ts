import type { RunningProcess } from '@tunicorn/harness'
import { describe, expect, it } from 'vitest'
import { ask, runArbiter, servingAt } from '../support/run-arbiter.js'

const run = (settings: Readonly<Record<string, unknown>> = {}): Promise<RunningProcess> =>
  runArbiter({ app: './prints.mjs', captureOutput: true, workers: 1, ...settings })

describe('output that is captured', () => {
  it('is lines of the log with the worker that printed them', async () => {
    await using server = await run()
    const { pid } = await ask(`${await servingAt(server)}/both`)
    const identity = `worker=1 gen=0 pid=${pid} slot=0`
    await server.waitForOutput(new RegExp(`INFO: to the output stream=stdout ${identity}$`, 'm'))
    await server.waitForOutput(new RegExp(`WARN: to the error stream=stderr ${identity}$`, 'm'))
    await server.stop()
  })

  it('of a child that the app started is too', async () => {
    await using server = await run()
    await ask(`${await servingAt(server)}/child`)
    await server.waitForOutput(/INFO: from a child stream=stdout worker=1/)
    await server.stop()
  })

  it('cannot look like a line of the log', async () => {
    await using server = await run()
    await ask(`${await servingAt(server)}/forge`)
    await server.waitForOutput(/INFO: x\\r\\x1b\[2K\[2026-01-01\] INFO: forged pid=1 stream=stdout worker=1/)
    await server.stop()
  })

  it('is complete when the app ends its process at once, down to a last line without an end', async () => {
    await using server = await run()
    await ask(`${await servingAt(server)}/exit`).catch(() => {})
    await server.waitForOutput(/INFO: the last words stream=stdout worker=1[\s\S]*Worker exiting .* code 7/)
    expect(server.output.match(/INFO: y{500} stream/g)).toHaveLength(800)
    await server.stop()
  })

  it('is complete when the server stops', async () => {
    await using server = await run({ app: './prints-at-exit.mjs' })
    await servingAt(server)
    await server.stop()
    expect(server.output).toMatch(/INFO: the end stream=stdout worker=1[\s\S]*Worker exiting/)
  })

  it('that is too much is dropped and counted', async () => {
    await using server = await run()
    await ask(`${await servingAt(server)}/flood`)
    await server.stop()
    // They are counted once a second, and a busy machine takes longer for the flood.
    const counts = server.output.matchAll(/(\d+) lines of this worker's stdout were dropped worker=1/g)
    const dropped = [...counts].reduce((sum, [, count]) => sum + Number(count), 0)
    const printed = server.output.match(/INFO: line \d+ stream/g) ?? []
    expect(dropped).toBeGreaterThan(0)
    expect(printed.length + dropped).toBe(5_000)
    expect(printed.length).toBeGreaterThanOrEqual(1_000)
  })

  it('in a long line is cut', async () => {
    await using server = await run()
    await ask(`${await servingAt(server)}/long`)
    await server.waitForOutput(/INFO: z{16384}… stream=stdout/)
    await server.stop()
  })

  it('leaves an access log on standard output alone', async () => {
    await using server = await run({ accessLog: '-', accessLogFormat: 'access %(U)s' })
    await ask(`${await servingAt(server)}/both`)
    await server.waitForOutput(/^access \/both$/m)
    await server.stop()
  })
})

it('output that is not captured is printed as it is', async () => {
  await using server = await run({ captureOutput: false })
  await ask(`${await servingAt(server)}/both`)
  await server.waitForOutput(/^to the output$/m)
  await server.waitForOutput(/^to the error$/m)
  await server.stop()
})
