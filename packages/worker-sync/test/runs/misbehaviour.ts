/** Handlers and clients that do what they should not, as often as asked for, while others are served. */
import { once } from 'node:events'
import { checkAllOk, LoadRun } from '@tunicorn/harness'
import { expect, onTestFinished } from 'vitest'
import { freshOfThisRun, serve, slowReader } from '../support/server.js'

export async function endProcesses(times: number): Promise<void> {
  await using server = await serve()
  await using load = new LoadRun({ to: server.url, clients: 2, check: freshOfThisRun(server) })
  for (let round = 0; round < times; round += 1) {
    await load.waitForAnswers(2)
    await expect(fetch(`${server.url}/exit`)).rejects.toThrow()
    await expect(fetch(`${server.url}/exit-clean`)).rejects.toThrow()
  }
  checkAllOk(await load.stop())
  expect(server.process.output).toMatch(/ended its process with code 3 in the middle of GET \/exit /)
  expect(server.process.output).toMatch(/ended its process with code 0 in the middle of GET \/exit-clean/)
  await server.process.stop()
}

export async function throwAfterResponses(times: number): Promise<void> {
  await using server = await serve()
  await using load = new LoadRun({ to: server.url, clients: 2, check: freshOfThisRun(server) })
  for (let round = 0; round < times; round += 1) {
    await load.waitForAnswers(2)
    expect(await (await fetch(`${server.url}/throw-later`)).text()).toBe('sent before the throw')
  }
  checkAllOk(await load.stop())
  await server.process.stop()
}

/** More of them than the server has workers. */
export async function keepResponsesUnread(clients: number): Promise<void> {
  await using server = await serve({ workers: 4 })
  const readers = Array.from({ length: clients }, () => slowReader(server, '/large'))
  onTestFinished(() => {
    for (const reader of readers) reader.destroy()
  })
  await Promise.all(readers.map(reader => once(reader, 'connect')))
  await using load = new LoadRun({
    to: server.url,
    clients: 2,
    maxRequests: 20,
    timeoutMs: 60_000,
    check: freshOfThisRun(server),
  })
  checkAllOk(await load.finished)
  await server.process.stop('SIGQUIT')
}
