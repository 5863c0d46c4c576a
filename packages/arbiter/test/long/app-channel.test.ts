import { bootedPids, type RunningProcess } from '@tunicorn/harness'
import { describe, expect, it } from 'vitest'
import { fixtures, runArbiter, servingAt } from '../support/run-arbiter.js'

interface Facts {
  readonly pid: number
  readonly heard: readonly unknown[]
  readonly early: readonly unknown[]
  readonly connected: boolean
  readonly send: string
  readonly watches: string
}

function start(settings: Readonly<Record<string, unknown>> = {}): Promise<RunningProcess> {
  return runArbiter({ app: './channel-app.mjs', workers: 1, ...settings })
}

async function factsOf(url: string): Promise<Facts> {
  const response = await fetch(url, { signal: AbortSignal.timeout(20_000) })
  const facts: Facts = JSON.parse(await response.text())
  return facts
}

describe('the channel between the arbiter and a worker', () => {
  it('is not heard by the app', async () => {
    await using server = await start()
    const url = await servingAt(server)
    expect(await factsOf(url)).toMatchObject({ heard: [], connected: true, send: 'function' })
    expect((await server.stop()).code).toBe(0)
  })

  it('is not heard by a module that is loaded before the host and takes its time', async () => {
    const env = { NODE_OPTIONS: `--import ${fixtures}slow-preload.mjs` }
    await using server = await start({ env })
    expect(await factsOf(await servingAt(server))).toMatchObject({ heard: [], early: [] })
    expect((await server.stop()).code).toBe(0)
  })

  it.each(['/disconnect', '/unref'])('is not broken by the app: %s', async path => {
    await using server = await start()
    const url = await servingAt(server)
    const { pid } = await factsOf(`${url}${path}`)
    expect(await factsOf(url)).toMatchObject({ pid, connected: true })
    expect((await server.stop()).code).toBe(0)
    expect(server.output).not.toContain('The arbiter is gone')
    expect(bootedPids(server)).toEqual([pid])
  })

  it('ends with the arbiter, which the app sees', async () => {
    await using server = await start()
    const url = await servingAt(server)
    await factsOf(`${url}/disconnect`)
    server.signal('SIGKILL')
    await server.waitForOutput(/the app sees that it is alone/)
  })

  it('is not disturbed by what tools say on it, and does not ask for it', async () => {
    await using server = await start({ env: { WATCH_REPORT_DEPENDENCIES: '1' } })
    expect(await factsOf(await servingAt(server))).toMatchObject({ watches: 'not set' })
    expect((await server.stop()).code).toBe(0)
  })
})

describe('process.send in an app', () => {
  it('does nothing, which the log says once for all workers', async () => {
    await using server = await start({ workers: 3, env: { SAYS: '{"topic":"x"}' } })
    const url = await servingAt(server)
    const { pid } = await factsOf(`${url}/send`)
    await factsOf(`${url}/send-oddly`)
    expect((await server.stop()).code).toBe(0)
    expect(bootedPids(server)).toContain(pid)
    expect(server.output.match(/process\.send/g)).toHaveLength(1)
    expect(server.output).not.toContain('Killing')
  })

  it('is told what `ready` would do', async () => {
    await using server = await start({ env: { SAYS: '"ready"' } })
    await servingAt(server)
    expect((await server.stop()).code).toBe(0)
    expect(server.output).toMatch(/process\.send\('ready'\).*waitReady/)
  })
})

describe('with `waitReady`', () => {
  const waits = { waitReady: true, logLevel: 'debug' }

  it('a worker is ready when its app says so', async () => {
    await using server = await start({ ...waits, env: { READY_WHEN_TOLD: 'yes' } })
    await server.waitForOutput(/waits for the app to call process\.send\('ready'\)/)
    expect(server.output).not.toMatch(/^serving/m)
    const [pid] = bootedPids(server)
    if (pid === undefined) throw new Error('no worker was booted')
    process.kill(pid, 'SIGCONT')
    expect(await factsOf(await servingAt(server))).toMatchObject({ pid })
    expect((await server.stop()).code).toBe(0)
  })

  it('an app that says so while it is loaded is ready when it is', async () => {
    await using server = await start({ waitReady: true, env: { SAYS: '"ready"' } })
    await servingAt(server)
    expect((await server.stop()).code).toBe(0)
    expect(server.output).not.toContain('process.send')
  })

  it('a worker whose app never says so fails to boot, and the log says what was awaited', async () => {
    await using server = await start({ waitReady: true, bootTimeout: 1 })
    expect((await server.exited).code).toBe(3)
    expect(server.output).toMatch(/Killing worker.*boot timeout.*process\.send\('ready'\)/)
  })

  it('a worker that still waits drains at once', async () => {
    await using server = await start(waits)
    await server.waitForOutput(/waits for the app to call process\.send\('ready'\)/)
    expect(await server.stop('SIGTERM')).toEqual({ code: 0, signal: null })
  })
})
