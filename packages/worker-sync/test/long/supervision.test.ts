import { checkAllOk, LoadRun } from '@tunicorn/harness'
import { expect, test } from 'vitest'
import { kill, recycle, reload, reloadLongLived } from '../runs/supervision.js'
import { ask, freshOfThisRun, serve } from '../support/server.js'

// `test/soak` has more of each of these three.
test('2 reloads under load lose no request, and the new generation serves', () => reload(2))

test('2 reloads of long-lived workers under load lose no request', () => reloadLongLived(2))

test('recycling long-lived workers under load loses no request', () => recycle(4))

test('spares and workers killed under load cost only what they had in their hands', () => kill(3))

test('an upgrade under load hands over to an arbiter that is ready with its spares', async () => {
  await using server = await serve()
  await using load = new LoadRun({ to: server.url, clients: 2, pauseMs: 100 })
  await load.waitForAnswers(3)
  server.process.signal('SIGUSR2')
  const [, successor = ''] = await server.process.waitForOutput(/starting a new arbiter with pid: (\d+)/)
  try {
    await server.process.waitForOutput(/Master has been promoted/, 40_000)
    await load.waitForAnswers(3)
    checkAllOk(await load.stop())
  } finally {
    // It leads a process group of its own, which nobody else ends.
    process.kill(Number(successor), 'SIGTERM')
    await server.process.closed
  }
})

test('scaling up and down under load loses no request', async () => {
  await using server = await serve()
  const check = freshOfThisRun(server)
  await using load = new LoadRun({ to: server.url, clients: 4, pauseMs: 50, check })
  for (const signal of ['SIGTTIN', 'SIGTTIN', 'SIGTTOU', 'SIGTTOU', 'SIGTTOU'] as const) {
    await load.waitForAnswers(5)
    server.process.signal(signal)
  }
  await load.waitForAnswers(10)
  checkAllOk(await load.stop())
  await server.process.stop()
})

test('TERM lets every request in flight finish', async () => {
  await using server = await serve({ workers: 2 })
  const answers = Promise.all([ask(server, '/?ms=500&say'), ask(server, '/?ms=500&say')])
  await server.process.waitForOutput(/in flight[\s\S]*in flight/)
  const stopped = server.process.stop('SIGTERM')
  expect((await answers).map(({ requests }) => requests)).toEqual([1, 1])
  expect(await stopped).toEqual({ code: 0, signal: null })
})

test('a long-lived worker that finishes its request holds no copy of a socket that stops', async () => {
  await using server = await serve({ workers: 1, args: ['--max-requests', '0', '-o', 'spares=0'] })
  // It has paused and resumed its listener as often, and is paused while it is busy.
  for (let request = 1; request <= 10; request += 1) await ask(server)
  let isOver = false
  const last = ask(server, '/?ms=3000&say').finally(() => {
    isOver = true
  })
  await server.process.waitForOutput(/in flight/)
  const stopped = server.process.stop('SIGTERM')
  // A copy that nobody accepts from would let the client connect and wait.
  await expect.poll(() => outcomeOf(ask(server))).toBe('ECONNREFUSED')
  expect(isOver).toBe(false)
  expect((await last).requests).toBe(11)
  expect(await stopped).toEqual({ code: 0, signal: null })
})

test('settings that make no sense with the class are warned of at the start', async () => {
  await using server = await serve({ args: ['--keep-alive', '5', '--worker-connections', '10'] })
  expect(server.process.output).toMatch(
    /WARN: .*"sync": `keepAlive`: it has no effect.*from flag --keep-alive/,
  )
  expect(server.process.output).toMatch(/WARN: .*"sync": `workerConnections`: it has no effect/)
  await server.process.stop()
})

/** `answered`, or the code with which the connection failed. */
function outcomeOf(answer: Promise<unknown>): Promise<string> {
  return answer.then(
    () => 'answered',
    ({ cause }: { readonly cause?: { readonly code?: string } }) => cause?.code ?? 'failed',
  )
}
