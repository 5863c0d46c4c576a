/** Reloads whose new code boots, serves, and then fails: what the canary window is for. */
import { bootedPids, checkAllOk, isAlive, LoadRun, Successors } from '@tunicorn/harness'
import { describe, expect, it } from 'vitest'
import { crashing, failing, good, rig, rollBack, tellNew } from '../runs/canary.js'

describe('a reload to code that crashes after it has served', () => {
  // `test/soak` has other moments.
  it('goes back, and the old workers are all still there', () => rollBack(400))

  it('goes back without a window too, when one worker after the other ends while they are replaced', async () => {
    await using it = await rig(0, 10)
    await it.deploy(crashing(50))
    const { code, output } = await it.reload()
    expect(code).toBe(1)
    expect(output).toContain('exited with code 11')
    await it.deploy(good)
    expect(await it.reload()).toMatchObject({ code: 0 })
    await using load = new LoadRun({ to: it.url })
    await load.waitForAnswers(200)
    checkAllOk(await load.stop())
    expect((await it.server.stop()).code).toBe(0)
  })

  it('goes back when the new code blocks its event loop', async () => {
    await using it = await rig(5, 3, ['--timeout', '6'])
    const old = bootedPids(it.server)
    await it.deploy(failing('block'))
    const reload = it.reload()
    await it.server.waitForOutput(/its first worker serves beside the old ones/)
    tellNew(it, old)
    const { code, output } = await reload
    expect(code).toBe(1)
    expect(output).toContain('it was silent for longer than its timeout')
    for (const pid of old) expect(isAlive(pid), it.server.output).toBe(true)
    expect((await it.server.stop()).code).toBe(0)
  })
})

describe('a reload to code that answers with errors', () => {
  it('goes back where canaryMaxErrors says so, and the log says how many failed', async () => {
    await using it = await rig(60, 2, ['--canary-max-errors', '0.2'])
    const old = bootedPids(it.server)
    await it.deploy('export default (request, response) => { response.statusCode = 500; response.end() }\n')
    await using load = new LoadRun({ to: it.url, clients: 8, keepAlive: false, pauseMs: 5 })
    const { code, output } = await it.reload()
    expect(code).toBe(1)
    expect(output).toMatch(
      /its requests fail more often than those of the old generation: 100 % \((\d+) of \1\), against 0 % \(0 of \d+\)/,
    )
    await load.stop()
    for (const pid of old) expect(isAlive(pid), it.server.output).toBe(true)
    expect((await it.server.stop()).code).toBe(0)
  })
})

describe('a reload to code that lasts', () => {
  it('lets one new worker serve for the window beside all of the old ones, then replaces them', async () => {
    await using it = await rig(1)
    const old = bootedPids(it.server)
    await using load = new LoadRun({ to: it.url, clients: 8, keepAlive: false, check: ({ body }) => body })
    const reload = it.reload()
    await it.server.waitForOutput(/its first worker serves beside the old ones/)
    const before = load.report().labels
    await it.server.waitForOutput(/replacing workers/)
    const during = [...load.report().labels].filter(([pid, count]) => count > (before.get(pid) ?? 0))
    expect(during.map(([pid]) => Number(pid))).toEqual(expect.arrayContaining([...old]))
    expect(await reload).toMatchObject({ code: 0 })
    checkAllOk(await load.stop())
    expect((await it.server.stop()).code).toBe(0)
  })
})

describe('an upgrade', () => {
  it('to code that crashes after it has served is called off, and one to code that lasts is not', async () => {
    // What does not last leaves at once, however long a balancer would take to notice.
    await using it = await rig(1, 3, ['--drain-delay', '60'])
    using successors = new Successors(it.server)
    const old = bootedPids(it.server)
    await it.deploy(failing('crash'))
    it.server.signal('SIGUSR2')
    await it.server.waitForOutput(/The new arbiter serves beside the one before/)
    tellNew(it, old)
    await it.server.waitForOutput(
      /Upgrade failed, this arbiter goes on: the new arbiter was rolled back: a worker exited with code 11/,
    )
    for (const pid of old) expect(isAlive(pid)).toBe(true)
    expect(isAlive(successors.newest)).toBe(false)
    await it.deploy(good)
    it.server.signal('SIGUSR2')
    await it.server.waitForTimes('The new arbiter serves beside the one before', 2)
    await using load = new LoadRun({ to: it.url, clients: 8, keepAlive: false, check: ({ body }) => body })
    await it.server.waitForOutput(/Master has been promoted/)
    const seen = (await load.stop()).labels
    // Old ones have served beside the new ones, which have their place now.
    expect([...seen.keys()].map(Number)).toEqual(expect.arrayContaining([...old]))
    checkAllOk(load.report())
    for (const pid of old) expect(isAlive(pid)).toBe(false)
    process.kill(successors.newest, 'SIGINT')
    await it.server.closed
  })
})
