import { spawnSync } from 'node:child_process'
import { cp, readFile, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import {
  bootedPids,
  checkAllOk,
  connectionTo,
  isAlive,
  LoadRun,
  Successors,
  startProcess,
  temporaryDirectory,
  testNode,
} from '@tunicorn/harness'
import { describe, expect, it } from 'vitest'
import { adminAt, probe, scrape, total } from '../support/admin.js'
import { documentedMetrics } from '../support/documented-metrics.js'
import { ask, fixtures, runArbiter, servingAt } from '../support/run-arbiter.js'

/** Absent without a certificate. */
const ofTls = 'tunicorn_certificate_expiry_seconds'
/** Of the metrics that are absent where the kernel does not tell. */
const linuxOnly = ['tunicorn_listen_queue', 'tunicorn_listen_overflows_total']

describe('the metrics of a server', () => {
  it('are all there once its workers have sent a heartbeat, in a form that Prometheus finds right', async () => {
    await using server = await runArbiter({ admin: ':0', autoscale: { min: 1, max: 2 } })
    const [url, admin] = [await servingAt(server), await adminAt(server)]
    await ask(url)
    const documented = (await documentedMetrics()).map(({ name }) => name).filter(name => name !== ofTls)
    const expected = documented.filter(name => process.platform === 'linux' || !linuxOnly.includes(name))
    const text = async (): Promise<string> => (await fetch(`${admin}/metrics`)).text()
    const names = async (): Promise<readonly string[]> =>
      [...(await text()).matchAll(/^# TYPE (\S+)/gm)].map(match => match[1] ?? '')
    await expect.poll(names).toEqual(expected)
    const input = await text()
    const { error, status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], { input })
    if (error && !process.env.CI) console.log('promtool is missing: the text was not checked by Prometheus')
    else expect(`${status} ${stdout}${stderr}`).toBe('0 ')
    await server.stop()
  })

  it('count every request once, and never go back when workers are killed and replaced', async () => {
    await using server = await runArbiter({ admin: ':0', workers: 2 })
    const [url, admin] = [await servingAt(server), await adminAt(server)]
    let before = new Map<string, number>()
    const look = async (): Promise<ReadonlyMap<string, number>> => {
      const now = new Map(await scrape(admin))
      for (const [series, value] of before)
        if (/_total|_bucket|_count|_sum/.test(series))
          expect(now.get(series) ?? -1).toBeGreaterThanOrEqual(value)
      before = now
      return now
    }
    const requests = 200
    checkAllOk(await new LoadRun({ to: url, keepAlive: false, maxRequests: requests }).finished)
    const counted = async (): Promise<number> => total(await look(), 'tunicorn_requests_total', 'code="2xx"')
    await expect.poll(counted).toBe(requests)
    for (const pid of bootedPids(server)) {
      process.kill(pid, 'SIGKILL')
      await expect.poll(() => isAlive(pid)).toBe(false)
      await look()
    }
    server.signal('SIGHUP')
    await server.waitForOutput(/Reload done/)
    checkAllOk(await new LoadRun({ to: url, keepAlive: false, maxRequests: requests }).finished)
    await expect.poll(counted).toBe(2 * requests)
    const now = await look()
    expect(total(now, 'tunicorn_request_duration_seconds_count')).toBe(2 * requests)
    expect(total(now, 'tunicorn_worker_exits_total', 'reason="signal"')).toBe(2)
    expect(total(now, 'tunicorn_reloads_total', 'result="done"')).toBe(1)
    expect(now.get('tunicorn_generation{group="default"}')).toBe(1)
    expect(now.get('tunicorn_workers{group="default",state="serving"}')).toBe(2)
    await server.stop()
  })

  it('show the connections that wait in the queue of the kernel while workers are blocked', async () => {
    if (process.platform !== 'linux') return console.log('only Linux shows its queues')
    await using server = await runArbiter({ admin: ':0', workers: 1, timeout: 0, backlog: 50 })
    const [url, admin] = [await servingAt(server), await adminAt(server)]
    const blocked = ask(`${url}/block`).catch(() => undefined)
    await server.waitForOutput(/spinning/)
    const bind = new URL(url).host
    const queue = async (): Promise<number | undefined> =>
      (await scrape(admin)).get(`tunicorn_listen_queue{bind="${bind}"}`)
    expect(await queue()).toBe(0)
    const waiting = Array.from({ length: 7 }, () => connect(connectionTo(url)).on('error', () => {}))
    await expect.poll(queue).toBe(7)
    for (const socket of waiting) socket.destroy()
    await server.stop('SIGKILL')
    await blocked
  })

  it('have the gauges of a worker class as sums, and leave out with a warning what is none', async () => {
    await using directory = await temporaryDirectory()
    await cp(fixtures, directory.path, { recursive: true })
    const path = `${directory.path}/plain-class.mjs`
    const code = await readFile(path, 'utf8')
    await writeFile(path, code.replace('gauges: {', "gauges: { 'no name': 1, never: NaN,"))
    await using server = await runArbiter({ chdir: directory.path, admin: ':0', workers: 3 })
    const [, admin] = [await servingAt(server), await adminAt(server)]
    const gauges = async (): Promise<unknown> =>
      [...(await scrape(admin))].filter(([series]) => series.startsWith('tunicorn_worker_stat'))
    const labels = 'group="default",worker_class="plain",name="servers"'
    await expect.poll(gauges).toEqual([[`tunicorn_worker_stat{${labels}}`, 3]])
    await server.stop()
    const warnings = server.output.match(/is left out: not camelCase.*"no name"; no finite number: "never"/g)
    expect(warnings, server.output).toHaveLength(3)
  })

  it('survive a worker that lies', async () => {
    await using directory = await temporaryDirectory()
    await cp(fixtures, directory.path, { recursive: true })
    const path = `${directory.path}/app.mjs`
    const lie = (count: string): string =>
      `{"cmd":"NODE_TUNICORN","body":{"type":"drained","ended":{"codes":[0,${count},0,0,0,0,0],"latency":[${'0,'.repeat(15)}0],"latencySumMs":0,"refused":[${'0,'.repeat(16)}0]}}}`
    const lies = ['1e300', '5', '-1'].map(count => `writeSync(3, '${lie(count)}\\n')`).join('\n')
    const code = await readFile(path, 'utf8')
    await writeFile(path, code.replace("'/kill': () =>", `'/lie': () => {\n${lies}\n},\n'/kill': () =>`))
    await using server = await runArbiter({ chdir: directory.path, admin: ':0' })
    const [url, admin] = [await servingAt(server), await adminAt(server)]
    await ask(`${url}/lie`).catch(() => undefined)
    await server.waitForOutput(/not of the protocol/)
    const counted = total(await scrape(admin), 'tunicorn_requests_total', 'code="2xx"')
    expect(counted).toBeGreaterThanOrEqual(10_000_000)
    expect(counted).toBeLessThan(10_000_100)
    await server.stop()
  })
})

describe('the address of the metrics', () => {
  it('moves with a reload, and stays when the new one cannot be bound', async () => {
    await using directory = await temporaryDirectory()
    const config = `${directory.path}/tunicorn.config.mjs`
    const write = (admin: string): Promise<void> =>
      writeFile(
        config,
        `export default ${JSON.stringify({ chdir: fixtures, app: './app.mjs', workerClass: './plain-class.mjs', bind: '127.0.0.1:0', logFormat: 'text', admin })}`,
      )
    await write(':0')
    await using server = await startProcess(testNode(), [`${fixtures}run-file.mjs`, config], {
      cwd: directory.path,
    })
    const taken = new URL(await servingAt(server)).port
    const first = await adminAt(server)
    await write(`:${taken}`)
    server.signal('SIGHUP')
    await server.waitForOutput(/could not change `admin`.*in use/)
    expect(await probe(`${first}/readyz`)).toMatchObject({ status: 200 })
    await write('localhost:0')
    server.signal('SIGHUP')
    const second = await adminAt(server, 2)
    expect(await probe(`${second}/readyz`)).toMatchObject({ status: 200 })
    await expect(probe(`${first}/readyz`)).rejects.toThrow()
    await write('off')
    server.signal('SIGHUP')
    await server.waitForOutput(/(Reload done[\s\S]*){3}/)
    await expect
      .poll(() =>
        probe(`${second}/readyz`).then(
          ({ status }) => status,
          () => 'refused',
        ),
      )
      .toBe('refused')
    expect((await server.stop()).code).toBe(0)
  })

  it('answers every scrape through upgrades, which keep the address', async () => {
    await using server = await runArbiter({ admin: ':0' })
    using successors = new Successors(server)
    await servingAt(server)
    const admin = await adminAt(server)
    await using load = new LoadRun({
      to: admin,
      target: '/metrics',
      clients: 2,
      keepAlive: false,
      pauseMs: 20,
    })
    let arbiter = server.pid
    const starts = new Set<number | undefined>()
    for (let round = 0; round < 2; round += 1) {
      await load.waitForAnswers(10)
      starts.add((await scrape(admin)).get('process_start_time_seconds'))
      arbiter = await successors.upgrade()
      expect(await probe(`${admin}/readyz`)).toMatchObject({ status: 200 })
    }
    await load.waitForAnswers(10)
    starts.add((await scrape(admin)).get('process_start_time_seconds'))
    checkAllOk(await load.stop())
    expect(starts.size).toBe(3)
    process.kill(arbiter, 'SIGTERM')
    await server.closed
  })

  it('is answered by the old arbiter after an upgrade that failed', async () => {
    await using directory = await temporaryDirectory()
    await cp(fixtures, directory.path, { recursive: true })
    await using server = await runArbiter({ chdir: directory.path, admin: ':0' })
    using _successors = new Successors(server)
    await servingAt(server)
    const admin = await adminAt(server)
    await using load = new LoadRun({
      to: admin,
      target: '/readyz',
      clients: 2,
      keepAlive: false,
      pauseMs: 20,
    })
    await load.waitForAnswers(10)
    await writeFile(`${directory.path}/app.mjs`, "throw new Error('broken release')")
    server.signal('SIGUSR2')
    await server.waitForOutput(/Upgrade failed/)
    await load.waitForAnswers(10)
    checkAllOk(await load.stop())
    expect((await server.stop()).code).toBe(0)
  })
})
