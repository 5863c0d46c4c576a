import { cp, readFile, writeFile } from 'node:fs/promises'
import { Successors, temporaryDirectory } from '@tunicorn/harness'
import { describe, expect, it } from 'vitest'
import { missingPrograms, NotifyReceiver } from '../support/notify-receiver.js'
import { fixtures } from '../support/run-arbiter.js'
import { askWho, startArbiter } from '../support/start-arbiter.js'

const bindAt = (directory: string) => ({ bind: `unix:${directory}/app.sock` })

describe('an arbiter without `systemd-notify`', () => {
  it('says once that systemd could not be told, and serves', async () => {
    await using directory = await temporaryDirectory()
    const env = { NOTIFY_SOCKET: `${directory.path}/nobody`, PATH: directory.path }
    await using server = await startArbiter({ settings: bindAt(directory.path), env })
    await server.waitForOutput(/^serving/m)
    expect((await askWho(`unix:${directory.path}/app.sock`)).variables).toEqual([])
    expect((await server.stop()).code).toBe(0)
    expect(server.output.match(/systemd could not be told/g)).toHaveLength(1)
  })
})

function withReceiver(): void {
  it('tells its readiness, its reloads and its end, each with a status', async () => {
    await using directory = await temporaryDirectory()
    await using systemd = await NotifyReceiver.start(`${directory.path}/notify`)
    const before = process.hrtime.bigint() / 1_000n
    await using server = await startArbiter({
      settings: bindAt(directory.path),
      env: { NOTIFY_SOCKET: systemd.path },
    })
    await systemd.waitFor('READY')
    expect(server.output).toMatch(/Booting worker/)
    const { variables } = await askWho(`unix:${directory.path}/app.sock`)
    server.signal('SIGHUP')
    await systemd.waitFor('READY', 2)
    expect((await server.stop()).code).toBe(0)

    const [ready, reloading, again, stopping, ...others] = systemd.received.map(({ fields }) => fields)
    expect(ready).toEqual({ READY: '1', STATUS: 'Serving' })
    expect(reloading).toMatchObject({ RELOADING: '1' })
    expect(BigInt(reloading?.MONOTONIC_USEC ?? 0)).toBeGreaterThan(before)
    expect(BigInt(reloading?.MONOTONIC_USEC ?? 0)).toBeLessThan(process.hrtime.bigint() / 1_000n)
    expect(again).toEqual({ READY: '1', STATUS: 'Serving' })
    expect(stopping).toEqual({ STOPPING: '1', STATUS: 'Stopping' })
    expect(others).toEqual([])
    expect(variables).toEqual([])
    expect(server.output).not.toContain('could not be told')
  })

  it('is ready again after a reload that failed', async () => {
    await using directory = await temporaryDirectory()
    await cp(fixtures, directory.path, { recursive: true })
    await using systemd = await NotifyReceiver.start(`${directory.path}/notify`)
    await using server = await startArbiter({
      settings: { ...bindAt(directory.path), chdir: directory.path },
      env: { NOTIFY_SOCKET: systemd.path },
    })
    await systemd.waitFor('READY')
    await writeFile(`${directory.path}/who-am-i.mjs`, 'throw new Error("broken release")')
    server.signal('SIGHUP')
    await server.waitForOutput(/Reload failed/)
    await systemd.waitFor('READY', 2)
    expect(systemd.with('RELOADING')).toHaveLength(1)
    const failed = systemd.with('READY').at(-1)?.fields.STATUS
    expect(failed).toMatch(/^Serving; the last reload failed: .*who-am-i\.mjs.*broken release/)
    await writeFile(`${directory.path}/who-am-i.mjs`, await readFile(`${fixtures}who-am-i.mjs`))
    server.signal('SIGHUP')
    await systemd.waitFor('READY', 3)
    expect(systemd.with('READY').at(-1)?.fields).toEqual({ READY: '1', STATUS: 'Serving' })
    await server.stop()
  })

  it('is not ready when nothing boots', async () => {
    await using directory = await temporaryDirectory()
    await using systemd = await NotifyReceiver.start(`${directory.path}/notify`)
    const settings = { ...bindAt(directory.path), app: './throws.mjs' }
    await using server = await startArbiter({ settings, env: { NOTIFY_SOCKET: systemd.path } })
    expect((await server.exited).code).toBe(4)
    expect(systemd.with('READY')).toEqual([])
  })

  it('is not ready when it is stopped while it boots', async () => {
    await using directory = await temporaryDirectory()
    await using systemd = await NotifyReceiver.start(`${directory.path}/notify`)
    const settings = { ...bindAt(directory.path), app: './hangs.mjs' }
    await using server = await startArbiter({ settings, env: { NOTIFY_SOCKET: systemd.path } })
    await server.waitForOutput(/Booting worker/)
    server.signal('SIGTERM')
    expect((await server.exited).code).toBe(0)
    await systemd.waitFor('STOPPING')
    expect(systemd.with('READY')).toEqual([])
  })

  it('gives its signs of life twice in every interval, also through a reload and an upgrade', async () => {
    await using directory = await temporaryDirectory()
    await using systemd = await NotifyReceiver.start(`${directory.path}/notify`)
    await using server = await startArbiter({
      settings: { ...bindAt(directory.path), workers: 1 },
      prologue: 'WATCHDOG_PID=$$; export WATCHDOG_PID;',
      env: { NOTIFY_SOCKET: systemd.path, WATCHDOG_USEC: '2000000' },
    })
    using successors = new Successors(server)
    await systemd.waitFor('WATCHDOG', 2)
    server.signal('SIGHUP')
    await systemd.waitFor('WATCHDOG', 4)
    const successor = await successors.upgrade()
    const count = systemd.with('WATCHDOG').length
    await systemd.waitFor('WATCHDOG', count + 2)
    expect((await askWho(`unix:${directory.path}/app.sock`)).variables).toEqual([])
    process.kill(successor, 'SIGTERM')
    await server.closed

    expect(systemd.with('MAINPID').map(({ fields }) => fields)).toEqual([{ MAINPID: String(successor) }])
    expect(systemd.with('STOPPING')).toHaveLength(1)
    const times = systemd.with('WATCHDOG').map(({ at }) => at)
    const gaps = times.slice(1).map((time, index) => time - (times[index] ?? time))
    // systemd kills at the interval itself; while two arbiters run, both give signs.
    expect(Math.max(...gaps)).toBeLessThan(2)
    expect(gaps.length).toBeLessThan(20)
  })

  it('gives no signs of life for another process, nor when none are wanted', async () => {
    await using directory = await temporaryDirectory()
    await using systemd = await NotifyReceiver.start(`${directory.path}/notify`)
    await using server = await startArbiter({
      settings: bindAt(directory.path),
      env: { NOTIFY_SOCKET: systemd.path, WATCHDOG_USEC: '20000', WATCHDOG_PID: '1' },
    })
    await systemd.waitFor('READY')
    server.signal('SIGHUP')
    await systemd.waitFor('READY', 2)
    await server.stop()
    expect(systemd.with('WATCHDOG')).toEqual([])
  })
}

const missing = missingPrograms()
// In continuous integration a missing program is a failure and not a reason to test less.
if (missing.length === 0 || process.env.CI) describe('an arbiter that systemd has started', withReceiver)
else console.log(`what systemd is told is not tested here: ${missing.join(' and ')} missing`)
