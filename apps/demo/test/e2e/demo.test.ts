import { once } from 'node:events'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import {
  checkAllOk,
  LoadRun,
  portOf,
  type RunningProcess,
  servingUrl,
  startProcess,
  startTunicorn,
} from '@tunicorn/harness'
import { expect, test } from 'vitest'
import config from '../../tunicorn.config.js'

const folder = fileURLToPath(new URL('../..', import.meta.url))

const startDemo = (...args: string[]): Promise<RunningProcess> =>
  startTunicorn({ args: ['--bind', '127.0.0.1:0', ...args], cwd: folder })

test('both workers answer with their pid and generation', async () => {
  await using demo = await startDemo()
  const url = await servingUrl(demo)
  const load = new LoadRun({
    to: url,
    target: '/worker',
    keepAlive: false,
    maxRequests: 400,
    check: ({ body }) => String(JSON.parse(body).pid),
  })
  const report = await load.finished
  checkAllOk(report)
  expect([...report.labels.keys()], report.summary).toHaveLength(2)
  for (const pid of report.labels.keys()) expect(demo.output).toContain(`Booting worker with pid: ${pid}`)
})

test('the page and its stream are served', async () => {
  await using demo = await startDemo()
  const url = await servingUrl(demo)
  const page = await fetch(url)
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
  expect(await page.text()).toContain('<h1>Tunicorn</h1>')
  expect((await fetch(`${url}/nothing`)).status).toBe(404)

  const leaving = new AbortController()
  const events = await fetch(`${url}/events`, { signal: leaving.signal })
  const first = await events.body?.getReader().read()
  expect(new TextDecoder().decode(first?.value)).toMatch(/^data: \{"pid":\d+,/)
  leaving.abort()
})

test('a slow request is answered by the old generation while the new one takes over', async () => {
  await using demo = await startDemo()
  const url = await servingUrl(demo)
  const { generation: old } = await worker(url)
  const slow = fetch(`${url}/slow?seconds=1`)
  const load = new LoadRun({
    to: url,
    target: '/worker',
    clients: 2,
    keepAlive: false,
    check: ({ body }) => String(JSON.parse(body).generation),
  })
  await load.waitForAnswers(10)
  demo.signal('SIGHUP')
  expect(await (await slow).json()).toMatchObject({ generation: old, waited: 1 })
  while (!load.report().labels.has(String(old + 1))) await load.waitForAnswers(10)
  checkAllOk(await load.stop())
})

test('`npm start` says what to open, and Ctrl-C ends it with code 0 and nothing keeps the port', async () => {
  await using demo = await startProcess('npm', ['start', '--silent', '--', '--bind', '127.0.0.1:0'], {
    cwd: folder,
  })
  const url = await servingUrl(demo)
  expect(demo.output).toContain(`http://${config.bind}`)
  expect(demo.output).toContain('Ctrl-C')
  // What a terminal does: npm, the arbiter and its workers get the signal.
  process.kill(-demo.pid, 'SIGINT')
  expect(await demo.closed, demo.output).toEqual({ code: 0, signal: null })
  await expect(fetch(url)).rejects.toThrow()
})

test('a port in use is one clear error that names the address', async () => {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  const address = `127.0.0.1:${portOf(taken)}`
  await using demo = await startTunicorn({ args: ['--bind', address], cwd: folder })
  expect(await demo.closed).toEqual({ code: 1, signal: null })
  expect(demo.output).toContain(address)
  expect(demo.output).toMatch(/in use/)
  taken.close()
})

async function worker(url: string): Promise<{ generation: number }> {
  const body: unknown = await (await fetch(`${url}/worker`)).json()
  expect(body).toEqual({
    pid: expect.any(Number),
    generation: expect.any(Number),
    seconds: expect.any(Number),
  })
  // The line above checked it.
  return body as { generation: number }
}
