import { writeFile } from 'node:fs/promises'
import { checkAllOk, LoadRun, rawExchange, temporaryDirectory } from '@tunicorn/harness'
import { expect, test } from 'vitest'
import { endProcesses, keepResponsesUnread, throwAfterResponses } from '../runs/misbehaviour.js'
import { ask, freshOfThisRun, serve } from '../support/server.js'

test('what a handler leaks is gone with its process', async () => {
  await using server = await serve()
  for (let request = 0; request < 8; request += 1) expect((await ask(server, '/leak')).leaked).toBe(1)
  await server.process.stop()
})

// `test/soak` has more of each of these three.
test('a handler that ends its process costs its own request, and the log says which', () => endProcesses(2))

test('a handler that throws after its response has been sent costs nobody a response', () =>
  throwAfterResponses(2))

test('8 clients that do not read their responses do not keep others from theirs', () =>
  keepResponsesUnread(8))

test('a handler that throws is answered with 500 and logged', async () => {
  await using server = await serve()
  const response = await fetch(`${server.url}/throw`)
  expect([response.status, await response.text()]).toEqual([500, 'Internal Server Error'])
  await server.process.waitForOutput(/Error handling request GET \/throw [\s\S]*thrown in the handler/)
  await server.process.stop()
})

test('a handler that blocks forever is killed at the timeout, named in the log, and not felt by others', async () => {
  await using server = await serve({ args: ['--timeout', '2'] })
  const cut = fetch(`${server.url}/block`).catch((error: unknown) => error)
  await server.process.waitForOutput(/spinning/)
  const check = freshOfThisRun(server)
  await using load = new LoadRun({ to: server.url, clients: 2, pauseMs: 200, check })
  await server.process.waitForOutput(/WORKER TIMEOUT \(pid:\d+\).*requests="?GET \/block/)
  expect(await cut).toBeInstanceOf(Error)
  checkAllOk(await load.stop())
  await server.process.stop()
})

test('with the watchdog option the log has the stack of what blocks', async () => {
  await using server = await serve({ args: ['--timeout', '4', '-o', 'watchdog=true'] })
  const cut = fetch(`${server.url}/block`).catch((error: unknown) => error)
  await server.process.waitForOutput(/The event loop is blocked [\s\S]*at spinForEver/)
  expect(await cut).toBeInstanceOf(Error)
  await server.process.stop()
})

test('a handler that never answers gets its client a 504 and loses its process', async () => {
  await using server = await serve({ args: ['--timeout', '1', '--max-requests', '0'] })
  const response = await fetch(`${server.url}/never`)
  expect(response.status).toBe(504)
  const [, pid] = await server.process.waitForOutput(/never (\d+)/)
  await server.process.waitForOutput(
    new RegExp(`WORKER TIMEOUT \\(pid:${pid}\\): GET /never took longer than the timeout of 1 s`),
  )
  await server.process.waitForOutput(new RegExp(`Worker exiting \\(pid: ${pid}\\)`))
  await using load = new LoadRun({ to: server.url, clients: 2, maxRequests: 10 })
  checkAllOk(await load.finished)
  await server.process.stop()
})

test('a client that connects and sends nothing does not hold its place beyond the header timeout', async () => {
  await using server = await serve({ workers: 1, args: ['--headers-timeout', '1', '-o', 'spares=0'] })
  const silent = rawExchange({ port: server.port }, '')
  await using load = new LoadRun({ to: server.url, clients: 2, maxRequests: 6 })
  expect((await silent).toString()).toBe('')
  checkAllOk(await load.finished)
  await server.process.stop()
})

test('timers of the app do not keep its process', async () => {
  await using server = await serve()
  const response = await fetch(`${server.url}/handles`)
  expect(await response.text()).toBe('left a timer running')
  await server.process.waitForOutput(/Worker exiting \(pid: \d+\): it exited with code 0 \(max-requests/)
  await server.process.stop()
})

test('a process does not end before the hook that follows its request has ended', async () => {
  await using directory = await temporaryDirectory()
  const config = `${directory.path}/tunicorn.config.mjs`
  await writeFile(
    config,
    `export default {
  async postRequest(worker, { target }, { type }) {
    await new Promise(resolve => setTimeout(resolve, 200))
    process.stdout.write(\`after \${target} \${type} in \${worker.pid}\\n\`)
  },
}
`,
  )
  await using server = await serve({ args: ['-c', config] })
  const { pid } = await ask(server, '/?first')
  await server.process.waitForOutput(new RegExp(`after /\\?first sent in ${pid}`))
  await server.process.waitForOutput(new RegExp(`Worker exiting \\(pid: ${pid}\\): it exited with code 0`))
  await server.process.stop()
})
