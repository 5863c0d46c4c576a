/** Processes that have no file descriptor left. */
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { type RunningProcess, servingUrl, startProcess, testNode, tunicornMain } from '@tunicorn/harness'
import { describe, expect, test } from 'vitest'
import { responseTo } from '../e2e/support/busy-client.js'
import { apps } from '../e2e/support/served.js'
import { createProject } from '../integration/project.js'

/** Starts the command with room for so many descriptors in each of its processes. */
function startWithin(files: number, args: readonly string[], cwd = apps): Promise<RunningProcess> {
  const limit = `ulimit -n ${files} && exec "$0" "$@"`
  return startProcess('sh', ['-c', limit, testNode(), tunicornMain, ...args], { cwd })
}

const oneWorker = [
  './descriptors.js',
  '-k',
  'event-loop',
  '-w',
  '1',
  '-b',
  '127.0.0.1:0',
  '--log-format',
  'text',
]

test('a worker that has no descriptor left goes on, with every request in it', async () => {
  await using running = await startWithin(256, oneWorker)
  const url = await servingUrl(running)
  const pid = await (await fetch(url)).text()
  expect(await (await fetch(`${url}/exhaust`)).text()).toBe(pid)
  expect(await (await fetch(url)).text()).toBe(pid)
  expect(running.output).not.toMatch(/Worker exiting|Uncaught/)
})

describe('connections', () => {
  test('more of them than descriptors wait, and are served when there is room again', async () => {
    await using running = await startWithin(256, oneWorker)
    const url = await servingUrl(running)
    expect(running.output).toMatch(
      /Each worker accepts 192 connections at a time, not the 1000 of `workerConnections`: .*256/,
    )
    const pid = await (await fetch(url)).text()
    const busy = fetch(`${url}/wait`).then(response => response.text())
    const idle = Array.from({ length: 400 }, () => connect(Number(new URL(url).port), '127.0.0.1'))
    await Promise.all(idle.map(socket => once(socket, 'connect')))
    const ended: string[] = []
    for (const socket of idle) {
      socket.once('close', () => ended.push('close'))
      socket.on('error', () => ended.push('error'))
    }
    expect(await busy).toBe(pid)
    expect(ended).toEqual([])
    // The last in the queue.
    const late = fetch(url).then(response => response.text())
    for (const socket of idle) socket.destroy()
    expect(await late).toBe(pid)
    expect(running.output).not.toMatch(/Worker exiting|Uncaught/)
  })

  test('fewer of them than descriptors are not spoken of', async () => {
    await using running = await startWithin(256, [...oneWorker, '--worker-connections', '192'])
    await servingUrl(running)
    expect(running.output).not.toMatch(/workerConnections/)
  })
})

const holdsAll = `
import { closeSync, openSync } from 'node:fs'
const held = []
const hold = () => {
  try {
    for (;;) held.push(openSync('/dev/null'))
  } catch {}
}
process.once('SIGPWR', () => {
  hold()
  console.log('holds all')
  process.once('SIGPWR', () => {
    for (const fd of held.splice(0)) closeSync(fd)
  })
})
export default {
  app: './app.mjs',
  workerClass: 'event-loop',
  workers: 1,
  bind: '127.0.0.1:0',
  control: './control.sock',
  logFormat: 'text',
  // With those that the worker had.
  childExit: hold,
}
`

test('an arbiter without a descriptor says so, answers without the figures that need one, and recovers', async () => {
  await using project = await createProject({
    'app.mjs': 'export default (req, res) => res.end(String(process.pid))',
    'tunicorn.config.mjs': holdsAll,
  })
  await using running = await startWithin(256, [], project.path)
  const url = await servingUrl(running)
  const pid = await (await fetch(url)).text()
  const ask = async (path: string, agent = new Agent()): Promise<string> => {
    const options = { socketPath: `${project.path}/control.sock`, path, agent }
    const response = await responseTo(request(options).end())
    const body = await text(response)
    expect(response.statusCode, body).toBe(200)
    return body
  }
  expect(await ask('/metrics')).toMatch(/^process_resident_memory_bytes/m)
  // A connection for each of the questions, which the arbiter could not accept later.
  const agents = [new Agent({ keepAlive: true }), new Agent({ keepAlive: true })]
  for (const agent of agents) await ask('/status', agent)

  process.kill(running.pid, 'SIGPWR')
  await running.waitForOutput(/holds all/)
  expect(JSON.parse(await ask('/status', agents[0])).arbiter).toMatchObject({
    rss: null,
    version: expect.stringMatching(/^\d/),
  })
  const metrics = await ask('/metrics', agents[1])
  expect(metrics).toMatch(/^tunicorn_build_info/m)
  expect(metrics).not.toMatch(/^process_resident_memory_bytes/m)

  process.kill(Number(pid), 'SIGKILL')
  await running.waitForOutput(/Could not start a worker: spawn \S+ EMFILE/)
  expect(running.output).not.toMatch(/undefined/)
  process.kill(running.pid, 'SIGPWR')
  await running.waitForOutput(/Booting worker[\s\S]*Booting worker/)
  expect(await (await fetch(url)).text()).toMatch(/^\d+$/)
  expect(JSON.parse(await ask('/status')).arbiter.rss).toBeGreaterThan(1_000_000)
  for (const agent of agents) agent.destroy()
})
