import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import {
  checkAllOk,
  LoadRun,
  type RunningProcess,
  servingUrl,
  startProcess,
  startTunicorn,
  testNode,
} from '@tunicorn/harness'
import { RawClient } from '@tunicorn/harness/vitest'
import { expect, onTestFinished, test } from 'vitest'
import { WebSocket } from 'ws'
import { get } from '../support/requests.js'

const fixtures = fileURLToPath(new URL('../fixtures/', import.meta.url))
const people = 200

function start(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<RunningProcess> {
  return startTunicorn({ args: [...args, '-k', 'asgi', '-b', '127.0.0.1:0'], cwd: fixtures, env })
}

interface Person {
  readonly socket: WebSocket
  /** The worker that it talks to. */
  readonly worker: string
  readonly heard: string[]
  readonly closed: Promise<number>
}

async function join(url: string): Promise<Person> {
  const socket = new WebSocket(url.replace('http', 'ws'))
  onTestFinished(() => socket.terminate())
  const heard: string[] = []
  socket.on('message', data => heard.push(String(data)))
  const closed = new Promise<number>(resolve => {
    socket.on('close', resolve)
  })
  await once(socket, 'open')
  while (heard.length === 0) await once(socket, 'message')
  return { socket, worker: heard[0] ?? '', heard, closed }
}

function joinAll(url: string): Promise<readonly Person[]> {
  return Promise.all(Array.from({ length: people }, () => join(url)))
}

/** One person of each room speaks; everybody in the room hears it. */
async function talk(crowd: readonly Person[], text: string): Promise<void> {
  const speakers = new Map(crowd.map(person => [person.worker, person]))
  for (const { socket } of speakers.values()) socket.send(text)
  for (const { socket, heard } of crowd)
    while (!heard.includes(`said: ${text}`)) await once(socket, 'message')
}

test('200 people chat through a reload and a stop: all are told to come back, and nobody is lost', async () => {
  await using server = await start(['chat.mjs', '--workers', '2'])
  const url = await servingUrl(server)
  await server.waitForOutput(/(room opened .*){2}/s)
  const first = await joinAll(url)
  await talk(first, 'hello')

  await using load = new LoadRun({ to: url, clients: 4, pauseMs: 2 })
  server.signal('SIGHUP')
  expect(new Set(await Promise.all(first.map(({ closed }) => closed)))).toEqual(new Set([1012]))
  // A worker that nobody has joined may be the last to go.
  await server.waitForOutput(/(room closed .*){2}/s)
  const second = await joinAll(url)
  checkAllOk(await load.stop())
  const oldWorkers = new Set(first.map(({ worker }) => worker))
  expect(second.filter(({ worker }) => oldWorkers.has(worker))).toEqual([])
  await talk(second, 'hello again')

  const codes = Promise.all(second.map(({ closed }) => closed))
  expect(await server.stop('SIGTERM')).toEqual({ code: 0, signal: null })
  expect(new Set(await codes)).toEqual(new Set([1012]))
  // One lifespan per worker, and the last thing in each: the room is empty by then.
  const opened = [...server.output.matchAll(/room opened (\d+)/g)].map(([, pid]) => pid)
  const closed = [...server.output.matchAll(/room closed (\d+) with 0 people/g)].map(([, pid]) => pid)
  expect(opened).toHaveLength(4)
  expect(new Set(closed)).toEqual(new Set(opened))
})

test('a failed start-up ends the command with 3 and the message of the app', async () => {
  await using server = await start(['failed-start.mjs'])
  expect(await server.exited).toEqual({ code: 3, signal: null })
  expect(server.output).toContain('Application startup failed. Exiting. the database is not there')
})

test('each of four workers has a lifespan and a state of its own', async () => {
  await using server = await start(['chat.mjs', '--workers', '4'])
  await servingUrl(server)
  await server.waitForOutput(/(room opened .*){4}/s)
  await server.stop()
  const opened = [...server.output.matchAll(/room opened (\d+)/g)].map(([, pid]) => pid)
  expect(new Set(opened).size).toBe(4)
})

test('a stop during a slow start-up lets it complete and then shuts the app down', async () => {
  await using server = await start(['slow-start.mjs'])
  await server.waitForOutput(/start-up begins/)
  expect(await server.stop('SIGTERM')).toEqual({ code: 0, signal: null })
  expect(server.output).toMatch(/shutdown begins.*shutdown ends/s)
})

test('a second INT does not wait for the shutdown of the app', async () => {
  await using server = await start(['slow-start.mjs'], { SHUTDOWN_MS: '20000' })
  await servingUrl(server)
  server.signal('SIGINT')
  await server.waitForOutput(/shutdown begins/)
  expect((await server.stop('SIGINT')).code).toBe(0)
  expect(server.output).not.toContain('shutdown ends')
})

test('on TERM an event stream ends by itself, and the command does not wait for the graceful timeout', async () => {
  await using server = await start(['stream.mjs'])
  const url = await servingUrl(server)
  const client = await RawClient.connect(Number(new URL(url).port))
  await client.send(get('/stream')).until(/open\n/)
  const idle = await RawClient.connect(Number(new URL(url).port))
  await idle.send(get('/')).until(/\d+\n$/)
  expect(await server.stop('SIGTERM')).toEqual({ code: 0, signal: null })
  expect(await client.all()).toMatch(/\d+\n\r\n0\r\n\r\n$/)
})

test('a request that never ends is cut at the graceful timeout and named', async () => {
  await using server = await start(['stream.mjs', '--graceful-timeout', '1'])
  const url = await servingUrl(server)
  const client = await RawClient.connect(Number(new URL(url).port))
  client.send(get('/hang'))
  await (await fetch(url)).text()
  expect((await server.stop('SIGTERM')).code).toBe(0)
  expect(server.output).toMatch(/Cut at the deadline of the drain: GET \/hang/)
  expect(server.output).toMatch(/Cancel 1 running task\(s\), timeout graceful shutdown exceeded/)
  await client.closed()
})

test('an app of another kind is refused with 4, and options are checked before anything is bound', async () => {
  await using other = await start(['node-app.mjs'])
  expect(await other.exited).toEqual({ code: 4, signal: null })
  expect(other.output).toContain(
    'is of kind `node`, but the worker class "asgi" runs asgi. For apps of kind `node`: npm install @tunicorn/worker-event-loop',
  )
  await using wrong = await start([
    'stream.mjs',
    '-o',
    'lifespan=maybe',
    '-o',
    'wsMaxSize=-1',
    '-o',
    'wsPing=1',
  ])
  expect((await wrong.exited).code).toBe(1)
  for (const name of ['lifespan', 'wsMaxSize', 'wsPing']) expect(wrong.output).toContain(name)
  expect(wrong.output).not.toContain('Listening at')
})

test('options of the command reach the app', async () => {
  await using server = await start(['stream.mjs', '-o', 'serverHeader=true', '-o', 'headers=[["x-a","1"]]'])
  const response = await fetch(await servingUrl(server))
  expect([response.headers.get('server'), response.headers.get('x-a')]).toEqual(['tunicorn', '1'])
  await server.stop()
})

test('serve leaves nothing behind: the process ends by itself', async () => {
  await using script = await startProcess(testNode(), ['serve-and-stop.mjs'], { cwd: fixtures })
  expect(await script.exited).toEqual({ code: 0, signal: null })
  expect(script.output).toMatch(/served\nclosed with 1012\nstopped\n/)
})
