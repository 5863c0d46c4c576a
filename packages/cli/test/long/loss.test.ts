import { writeFile } from 'node:fs/promises'
import { checkAllOk, LoadRun, listeningUrl, temporaryDirectory } from '@tunicorn/harness'
import { describe, expect, it } from 'vitest'
import { killUnderLoad } from '../runs/kills.js'
import { recycleUnderLoad } from '../runs/recycling.js'
import { upgradeUnderLoad } from '../runs/upgrades.js'
import { fromThisRun, serve, start } from '../supervision/server.js'

// `test/soak` runs these three for longer.
describe('under load', () => {
  it('recycling after 40 requests loses none of 800 requests', () => recycleUnderLoad(800))

  it('2 upgrades lose no request, and leave the arbiter with as many descriptors as before', () =>
    upgradeUnderLoad(2))

  it('10 workers killed at random cost no more than what they had in their hands, and leave nothing behind', () =>
    killUnderLoad(10))
})

describe('an endless loop in one of two workers, timeout 2', () => {
  it('is logged with its function and its request, killed, and not felt by the others', async () => {
    await using server = await serve({ workers: 2, args: ['--timeout', '2'] })
    const to = await listeningUrl(server)
    const loadOptions = { to, clients: 4, keepAlive: false, check: fromThisRun(server) }
    await using calm = new LoadRun(loadOptions)
    await calm.waitForAnswers(500)
    const before = await calm.stop()
    const cut = fetch(`${to}/block`).catch((error: unknown) => error)
    const startedAt = performance.now()
    await server.waitForOutput(/spinning/)
    await using load = new LoadRun(loadOptions)
    await server.waitForOutput(/Killing worker/)
    const seconds = (performance.now() - startedAt) / 1_000
    const report = await load.stop()
    checkAllOk(report)
    // A request that had waited for the blocked worker would have taken until the kill.
    expect(report.p99Ms).toBeLessThan((seconds * 1_000) / 4)
    expect(await cut).toBeInstanceOf(Error)
    expect(server.output).toMatch(/The event loop is blocked .*requests="GET \/block/)
    expect(server.output).toMatch(/at spinForEver \(.*identity\.mjs:\d+:\d+\)/)
    console.log(
      `blocked worker killed after ${seconds.toFixed(1)} s; ${report.requests} requests meanwhile, 0 failed, ` +
        `p99 ${report.p99Ms.toFixed(1)} ms (${before.p99Ms.toFixed(1)} ms before), longest ${report.maxMs.toFixed(1)} ms`,
    )
    await server.stop()
  })
})

describe('TERM with a request of 8 s and a graceful timeout of 3 s', () => {
  it('cuts the request at 3 s, logs it by method and path, and ends with 0', async () => {
    await using server = await serve({ args: ['--graceful-timeout', '3'] })
    const to = await listeningUrl(server)
    const cut = fetch(`${to}/?ms=8000`).then(
      () => 'answered',
      () => 'cut',
    )
    // A second request on the same server proves that the first was accepted.
    await fetch(to)
    const startedAt = performance.now()
    const { code } = await server.stop('SIGTERM')
    const seconds = (performance.now() - startedAt) / 1_000
    expect(code).toBe(0)
    expect(await cut).toBe('cut')
    expect(server.output).toMatch(/GET/)
    expect(server.output).toMatch(/\/\?ms=8000/)
    console.log(`TERM with a request of 8 s: ended after ${seconds.toFixed(1)} s`)
    await expect(fetch(to)).rejects.toThrow()
  })
})

describe('workers that keep ending after they have served', () => {
  it('end the server where `--max-restarts` says so, with an exit code of its own and one line of why', async () => {
    await using directory = await temporaryDirectory()
    const app = `${directory.path}/app.mjs`
    await writeFile(app, 'setTimeout(() => process.exit(7), 200); export default (q, s) => s.end()\n')
    await using server = await start({ app, workers: 1, args: ['--max-restarts', '2'] })
    expect(await server.closed).toEqual({ code: 5, signal: null })
    const line =
      /^.*ERROR: Workers of the group default have ended unasked 3 times within \d+ s, and `maxRestarts` is 2: the server ends$/gm
    expect(server.output.match(line), server.output).toHaveLength(1)
    expect(server.output.match(/Booting worker/g)).toHaveLength(3)
  })
})
