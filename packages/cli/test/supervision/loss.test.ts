import { type Answer, checkAllOk, LoadRun, listeningUrl, temporaryDirectory } from '@tunicorn/harness'
import { describe, expect, it } from 'vitest'
import {
  bootedPids,
  fromThisRun,
  openDescriptors,
  reapingSuccessors,
  serve,
  waitForTimes,
  zombiesOf,
} from './server.js'

describe('recycling after 40 requests, 4 workers, keep-alive load', () => {
  it('loses none of 10,000 requests', async () => {
    await using server = await serve({
      workers: 4,
      args: ['--max-requests', '40', '--max-requests-jitter', '10'],
    })
    const to = await listeningUrl(server)
    await using load = new LoadRun({ to, clients: 8, target: '/?ms=0', check: fromThisRun(server) })
    await load.waitForAnswers(10_000)
    const report = await load.stop()
    checkAllOk(report)
    const recycled = server.output.split('Recycling worker: max-requests').length - 1
    console.log(
      `maxRequests 40: ${report.requests} requests, ${report.failed} failed, ${recycled} workers recycled`,
    )
    expect(recycled).toBeGreaterThan(10)
    await server.stop()
  })
})

describe('10 upgrades under load', () => {
  it('lose no request, and leave the arbiter with as many descriptors as before', async () => {
    await using directory = await temporaryDirectory()
    const pidfile = `${directory.path}/pid`
    await using server = await serve({ args: ['--pid', pidfile, '--log-level', 'debug'] })
    using successors = reapingSuccessors(server)
    const to = await listeningUrl(server)
    // The last thing that an arbiter opens.
    await server.waitForOutput(/Control socket at/)
    const before = openDescriptors(server.pid)
    await using load = new LoadRun({ to, clients: 6, check: fromThisRun(server) })
    for (let round = 1; round <= 10; round += 1) {
      await load.waitForAnswers(30)
      process.kill(successors.newest(), 'SIGUSR2')
      await waitForTimes(server, 'Master has been promoted', round)
    }
    await load.waitForAnswers(30)
    const report = await load.stop()
    checkAllOk(report)
    console.log(`10 upgrades: ${report.requests} requests, ${report.failed} failed`)
    // The channel to its predecessor is closed, the standard input is not inherited: no more than the first had.
    // What a worker or a log line holds for a moment comes and goes; what an upgrade leaves stays.
    await expect
      .poll(() => openDescriptors(successors.newest()), { timeout: 10_000 })
      .toBeLessThanOrEqual(before)
    process.kill(successors.newest(), 'SIGTERM')
    await server.closed
  })
})

describe('100 workers killed at random under load', () => {
  it('cost no more than what they had in their hands, and leave nothing behind', async () => {
    const workers = 4
    const clients = 8
    await using server = await serve({ workers, args: ['--log-level', 'debug'] })
    const to = await listeningUrl(server)
    // The last thing that an arbiter opens.
    await server.waitForOutput(/Control socket at/)
    const before = openDescriptors(server.pid)
    const check = fromThisRun(server)
    // Whose connection each client has, as its last answer told. A client has one request in flight.
    const owners = new Map<number, number>()
    const noteOwner = (answer: Answer): string => {
      owners.set(answer.client, JSON.parse(answer.body).pid)
      return check(answer)
    }
    await using load = new LoadRun({ to, clients, check: noteOwner, maxMs: 90_000 })
    await load.waitForAnswers(100)
    const killed = new Set<number>()
    let held = 0
    for (let kill = 1; kill <= 100; kill += 1) {
      await load.waitForAnswers(10)
      const alive = bootedPids(server).filter(pid => !server.output.includes(`Worker exiting (pid: ${pid})`))
      const victim = alive[(kill * 7) % alive.length]
      if (victim === undefined) throw new Error('no worker is alive')
      // A client that has lost its worker and has no answer of another yet may be with any, so also with this one.
      killed.add(victim)
      held += [...owners.values()].filter(owner => killed.has(owner)).length
      process.kill(victim, 'SIGKILL')
      await server.waitForOutput(new RegExp(`Worker exiting \\(pid: ${victim}\\)`))
    }
    await load.waitForAnswers(200)
    const report = await load.stop()
    const { reset, shortBody, ok } = report.outcomes
    console.log(
      `100 kills: ${report.requests} requests, ${ok} ok, ${reset} reset, ${shortBody} cut, ${held} in the hands of the killed`,
    )
    expect(report.failed, report.summary).toBe(reset + shortBody)
    expect(report.failed).toBeLessThanOrEqual(held)
    expect(held).toBeLessThan(100 * clients)
    const listed = (): readonly number[] =>
      bootedPids(server).filter(pid => !server.output.includes(`Worker exiting (pid: ${pid})`))
    // The worker after the last kill may still have to wait for its turn to boot.
    await expect.poll(() => listed().length, { timeout: 20_000 }).toBe(workers)
    await expect.poll(() => zombiesOf(server.pid), { timeout: 10_000 }).toEqual([])
    await expect.poll(() => openDescriptors(server.pid), { timeout: 10_000 }).toBe(before)
    await server.stop()
  }, 120_000)
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
        `p99 ${report.p99Ms.toFixed(1)} ms (${before.p99Ms.toFixed(1)} ms before), longest ${report.longestMs.toFixed(1)} ms`,
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
