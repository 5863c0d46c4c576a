/** What an app hears of the end of its worker, in one order for every reason of a drain. */
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { checkAllOk, codeIn, LoadRun, waitForWorkers } from '@tunicorn/harness'
import { expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { createProject } from '../integration/project.js'
import { type Served, serve } from './support/served.js'

const one = ['-w', '1']
const env = { APP_PORT: '3000' }

/** Connects, and resolves after the first message. */
async function join({ url }: Served): Promise<WebSocket> {
  const socket = new WebSocket(`${url.replace('http:', 'ws:')}/chat`)
  await once(socket, 'message')
  return socket
}

function order(output: string, ...texts: readonly string[]): void {
  const places = texts.map(text => output.indexOf(text))
  expect(places, output).not.toContain(-1)
  expect(
    [...places].sort((a, b) => a - b),
    output,
  ).toEqual(places)
}

test.each(['SIGTERM', 'SIGHUP'] as const)(
  'on %s the app hears SIGTERM, finishes its request, and ends after it has flushed',
  async signal => {
    await using server = await serve('./listening/signal.cjs', { env, args: one })
    const slow = server.ask('/slow')
    // The request is in flight as soon as a later one is answered.
    await server.ask('/')
    server.running.signal(signal)
    expect((await slow).text).toBe('whole')
    await server.running.waitForOutput(/Worker exiting/)
    order(server.output, 'signal SIGTERM', 'flushed', 'close', 'beforeExit', 'what that began is done')
    expect(server.output).not.toMatch(/ended its process/)
  },
)

test('WebSockets are ended by the app when the last request is done, and not cut at the deadline', async () => {
  await using server = await serve('./listening/signal.cjs', { env, args: one })
  const sockets = await Promise.all(Array.from({ length: 5 }, () => join(server)))
  const codes = Promise.all(sockets.map(async socket => (await once(socket, 'close'))[0]))
  server.running.signal('SIGHUP')
  expect(await codes).toEqual([1012, 1012, 1012, 1012, 1012])
  await server.running.waitForOutput(/Reload done/)
  expect(server.output).not.toMatch(/Cut at the deadline/)
})

test('the code of the docs spreads over a time what comes back', async () => {
  const document = await readFile(new URL('../../../../docs/several-workers.md', import.meta.url), 'utf8')
  const [spread] = codeIn(document, 'js').filter(code => code.includes('1012'))
  const ws = createRequire(import.meta.url).resolve('ws')
  await using project = await createProject({
    'app.mjs': `
import { createServer } from 'node:http'
import ws from ${JSON.stringify(ws)}
const server = createServer()
const sockets = new ws.WebSocketServer({ server })
sockets.on('connection', socket => socket.send('welcome'))
${spread?.replaceAll('10_000', '3_000')}
server.listen(3000)
`,
  })
  await using server = await serve('./app.mjs', { cwd: project.path, args: one })
  const sockets = await Promise.all(Array.from({ length: 10 }, () => join(server)))
  const ends = sockets.map(async socket => [(await once(socket, 'close'))[0], performance.now()] as const)
  server.running.signal('SIGTERM')
  const closed = await Promise.all(ends)
  expect(closed.map(([code]) => code)).toEqual(closed.map(() => 1012))
  const times = closed.map(([, at]) => at)
  // At once they would take milliseconds; a busy machine delays the first ones.
  expect(Math.max(...times) - Math.min(...times)).toBeGreaterThan(1_000)
  expect((await server.running.ended(10_000, 'SIGTERM')).code).toBe(0)
})

test('an exported server is closed for its WebSockets too', async () => {
  await using server = await serve('./websocket-export.js', { args: one })
  const socket = await join(server)
  const closed = once(socket, 'close')
  server.running.signal('SIGHUP')
  expect((await closed)[0]).toBe(1012)
})

test('an app that does not end its process is not waited for longer than it works', async () => {
  await using project = await createProject({
    'app.mjs': `
import { createServer } from 'node:http'
const server = createServer((_req, res) => res.end('ok')).listen(3000)
process.on('SIGTERM', () => server.close(() => console.log('closed')))
`,
  })
  await using server = await serve('./app.mjs', { cwd: project.path, args: one })
  await server.ask('/')
  const startedAt = performance.now()
  expect(await server.stop()).toEqual({ code: 0, signal: null })
  expect(server.output).toMatch(/closed/)
  expect(performance.now() - startedAt).toBeLessThan(10_000)
})

/** Each part of the end takes longer than a worker class on its own is waited for. */
const slowEnd = `
import { createServer } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
const server = createServer((_req, res) => res.end('ok'))
server.on('close', async () => {
  console.log('close begins')
  await pause(1700)
  console.log('close is done')
})
export const shutdown = async () => {
  await pause(1700)
  console.log('shutdown is done')
}
`

test.each([
  ['exported', 'export default server'],
  ['adopted', 'server.listen(3000)'],
])('what an app does at its end is awaited until the deadline: its server is %s', async (_how, last) => {
  await using project = await createProject({ 'app.mjs': slowEnd + last })
  await using server = await serve('./app.mjs', { cwd: project.path, args: one })
  await server.ask('/')
  expect(await server.stop()).toEqual({ code: 0, signal: null })
  order(server.output, 'close begins', 'close is done', 'shutdown is done')
})

test('a shutdown that never ends is given up at the deadline, and one that fails is logged', async () => {
  const source = `export default (_req, res) => res.end('ok')\nexport const shutdown = () => `
  await using project = await createProject({
    'hangs.mjs': `${source} new Promise(resolve => setTimeout(resolve, 60_000))`,
    'fails.mjs': `${source} Promise.reject(new Error('no way out'))`,
  })
  const args = [...one, '--graceful-timeout', '2']
  await using hanging = await serve('./hangs.mjs', { cwd: project.path, args })
  await using failing = await serve('./fails.mjs', { cwd: project.path, args })
  expect(await Promise.all([hanging.stop(), failing.stop()])).toEqual([
    { code: 0, signal: null },
    { code: 0, signal: null },
  ])
  expect(hanging.output).toMatch(/The app was not done with its end at the deadline/)
  expect(hanging.output).not.toMatch(/was killed/)
  expect(failing.output).toMatch(/no way out[^\n]*The app failed to shut down/)
})

test('an app that refuses requests from its SIGTERM on refuses none in a reload under load', async () => {
  await using server = await serve('./listening/fastify-closes.js', { env })
  await using load = new LoadRun({ to: server.url })
  await load.waitForAnswers(50)
  server.running.signal('SIGHUP')
  await server.running.waitForOutput(/Reload done/)
  await server.running.waitForOutput(/(Worker exiting[\s\S]*){2}/)
  checkAllOk(await load.stop())
})

test('with the setting off the app hears nothing', async () => {
  await using server = await serve('./listening/signal.cjs', { env, args: [...one, '--app-signal', 'false'] })
  await waitForWorkers(server.running, 1)
  expect(await server.stop()).toEqual({ code: 0, signal: null })
  expect(server.output).not.toMatch(/signal SIGTERM/)
})
