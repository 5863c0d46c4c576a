/** Whatever ends a worker, the log names the requests in its hands and, where it was blocked, the stack. */
import { readFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { LoadRun, type RunningProcess, temporaryDirectory } from '@tunicorn/harness'
import { describe, expect, it } from 'vitest'
import { adminAt, scrape, total } from '../support/admin.js'
import { ask, runArbiter, servingAt } from '../support/run-arbiter.js'

/** The line of the log about one worker. */
function lineWith(server: RunningProcess, pattern: RegExp): string {
  const line = server.output.split('\n').find(text => pattern.test(text))
  if (line === undefined) throw new Error(`no line ${pattern} in ${server.output}`)
  return line
}

const swallow = (): undefined => undefined

describe('a worker that dies in a request', () => {
  it.each([
    ['/kill', 'SIGKILL'],
    ['/abort', 'SIGABRT'],
  ])('is logged with the request that had just begun: %s', async (path, signal) => {
    await using server = await runArbiter({ workers: 1 })
    const url = await servingAt(server)
    await ask(url)
    await ask(`${url}${path}`).catch(swallow)
    await server.waitForOutput(/Worker exiting/)
    expect(lineWith(server, /Worker exiting/)).toMatch(
      new RegExp(`was ended by ${signal}.*requests="GET ${path} \\(\\d+ ms\\)"`),
    )
    await server.stop()
  })

  it('is logged with the request that blocked it, also under more load than is recorded at once', async () => {
    await using server = await runArbiter({ workers: 1 })
    const url = await servingAt(server)
    await using load = new LoadRun({ to: url, clients: 8, keepAlive: false })
    await load.waitForAnswers(300)
    await ask(`${url}/spin-and-die`).catch(swallow)
    await server.waitForOutput(/Worker exiting/)
    expect(lineWith(server, /Worker exiting/)).toMatch(
      /SIGKILL.*requests="[^"]*GET \/spin-and-die \(\d+ ms\)/,
    )
    await load.stop()
    await server.stop()
  })

  it.each([false, true])(
    'is told apart when V8 has ended it for want of heap, with the limit (output captured: %s)',
    async captureOutput => {
      const env = { NODE_OPTIONS: '--max-old-space-size=48' }
      await using server = await runArbiter({ workers: 1, captureOutput, env, admin: ':0' })
      const [url, admin] = [await servingAt(server), await adminAt(server)]
      await ask(`${url}/leak`).catch(swallow)
      await server.waitForOutput(/Worker exiting/)
      expect(lineWith(server, /Worker exiting/)).toMatch(
        /it was ended by V8 because its heap of \d+ MiB is exhausted.*requests="GET \/leak \(/,
      )
      expect(server.output).toContain('JavaScript heap out of memory')
      expect(total(await scrape(admin), 'tunicorn_worker_exits_total', 'reason="heap"')).toBe(1)
      await server.stop()
    },
  )

  it('is told apart from one whose app has called abort, and writes the reports that the app asks for', async () => {
    await using directory = await temporaryDirectory()
    await using server = await runArbiter({ workers: 1, env: { REPORT: `${directory.path}` } })
    const url = await servingAt(server)
    await ask(`${url}/report`)
    expect(await readdir(directory.path)).toEqual([expect.stringMatching(/^report\..*\.json$/)])
    await ask(`${url}/abort`).catch(swallow)
    await server.waitForOutput(/Worker exiting .* was ended by SIGABRT/)
    await server.stop()
  })

  it('is logged without the requests that were answered before', async () => {
    await using server = await runArbiter({ workers: 1 })
    const url = await servingAt(server)
    for (let count = 0; count < 20; count += 1) await ask(`${url}/?n=${count}`)
    // Longer than what is recorded at once.
    await ask(`${url}/slow?ms=300`)
    const { pid } = await ask(url)
    process.kill(pid, 'SIGKILL')
    await server.waitForOutput(/Worker exiting/)
    // The server may hear of the end of the last one later than its client.
    expect(lineWith(server, /Worker exiting/)).not.toMatch(/GET \/(?:\?n=|slow)/)
    await server.stop()
  })

  it('costs a line of the access log for each request that was lost, and counts them', async () => {
    await using directory = await temporaryDirectory()
    const accessLog = `${directory.path}/access.log`
    await using server = await runArbiter({ workers: 1, accessLog, accessLogFormat: 'json', admin: ':0' })
    const [url, admin] = [await servingAt(server), await adminAt(server)]
    const { pid } = await ask(url)
    const lost = [ask(`${url}/slow?ms=20000`).catch(swallow), ask(`${url}/slow?ms=30000`).catch(swallow)]
    await ask(url)
    await ask(`${url}/kill`).catch(swallow)
    await Promise.all(lost)
    await server.waitForOutput(/Worker exiting/)
    const entries = (): readonly Record<string, unknown>[] =>
      readFileSync(accessLog, 'utf8')
        .trim()
        .split('\n')
        .map(line => JSON.parse(line))
        .filter(({ outcome }) => outcome === 'lost')
    await expect.poll(() => entries().length).toBe(3)
    for (const entry of entries())
      expect(entry).toMatchObject({ pid, worker: 1, method: 'GET', status: 499, reason: 'signal' })
    expect(entries().map(({ target }) => target)).toEqual(['/slow?ms=20000', '/slow?ms=30000', '/kill'])
    expect(total(await scrape(admin), 'tunicorn_requests_lost_total', 'reason="signal"')).toBe(3)
    await server.stop()
  })
})

describe('a worker that a debugger has paused for longer than its timeout', () => {
  it('is neither resumed nor killed, and the log says so', async () => {
    await using server = await runArbiter({ workers: 1, timeout: 2 })
    const url = await servingAt(server)
    const { pid } = await ask(`${url}/debug`)
    await server.waitForOutput(/^paused$/m)
    const answer = ask(url)
    await server.waitForOutput(/WARN: A debugger has paused this worker: it is not killed for its silence/)
    // It is still paused: a worker that was resumed would have answered.
    await server.waitForOutput(/^resuming$/m)
    expect(await Promise.race([answer, Promise.resolve('paused')])).toBe('paused')
    expect((await answer).pid, server.output).toBe(pid)
    expect(server.output).not.toMatch(/WORKER TIMEOUT|Killing|event loop is blocked/)
    // Afterwards it is held to its timeout again.
    const cut = ask(`${url}/block`).catch(swallow)
    await server.waitForOutput(/WORKER TIMEOUT/)
    await cut
    await server.stop()
  })
})

describe('a worker that is blocked', () => {
  it('is killed at the deadline of its drain with its stack and its requests in the log', async () => {
    await using server = await runArbiter({ workers: 1, timeout: 30, gracefulTimeout: 1 })
    const url = await servingAt(server)
    const cut = ask(`${url}/block`).catch(swallow)
    await server.waitForOutput(/spinning/)
    await server.stop()
    await cut
    expect(server.output).toMatch(
      /Killing worker .* deadline of its drain.*requests="GET \/block \(\d\.\d s\)"/,
    )
    expect(server.output).toMatch(/Killing worker [\s\S]*at spinForEver \(.*app\.mjs:\d+:\d+\)/)
  })

  it('is killed at the end of its timeout with the request that blocks it in the line that says so', async () => {
    await using server = await runArbiter({ workers: 1, timeout: 3 })
    const url = await servingAt(server)
    const cut = Array.from({ length: 12 }, (_, index) =>
      ask(`${url}/slow?ms=60000&n=${index}`).catch(swallow),
    )
    await ask(url)
    cut.push(ask(`${url}/block`).catch(swallow))
    await server.waitForOutput(/Killing worker/)
    await Promise.all(cut)
    expect(lineWith(server, /WORKER TIMEOUT/)).toMatch(/GET \/block \(\d\.\d s\)"/)
    expect(server.output).toMatch(/WORKER TIMEOUT[^\n]*\n[^[]*at spinForEver/)
    await server.stop()
  })
})
