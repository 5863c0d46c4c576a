/** Nothing that could have been served is lost: reload, stop and kill of the whole server. */
import { once } from 'node:events'
import { stat } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import {
  type Answer,
  checkAllOk,
  connectionTo,
  type LoadReport,
  LoadRun,
  rawExchange,
  survivors,
  temporaryDirectory,
  waitForWorkers,
} from '@tunicorn/harness'
import { describe, expect, test } from 'vitest'
import { BusyClient } from './support/busy-client.js'
import { type Served, serve } from './support/served.js'
import { beginUpload, nextChunk, type Upload } from './support/upload.js'

/** The pid of the worker that answers. */
const pidOf = ({ body }: Answer): string => body

/** Generations of the workers that answered. Every one of them has to be a worker that the log of this server names. */
function generationsOf({ labels, summary }: LoadReport, { output }: Served): ReadonlySet<number> {
  const generations = [...labels.keys()].map(pid => {
    const line = new RegExp(`"gen":(\\d+),"pid":${pid},"slot":\\d+,"msg":"Booting`).exec(output)
    expect(line, `process ${pid} is no worker of this server. ${summary}`).not.toBeNull()
    return Number(line?.[1])
  })
  return new Set(generations)
}

// `test/soak` has 20 of them.
describe('four reloads in a row', () => {
  test.each([
    ['that keep their connections', true],
    ['that connect for every request', false],
  ])('fail no request of clients %s', async (_which, keepAlive) => {
    await using server = await serve('./hold.js')
    await using load = new LoadRun({
      to: server.url,
      clients: 8,
      keepAlive,
      // Two cores are enough for the load, the old workers and the new ones.
      pauseMs: 10,
      check: pidOf,
    })
    for (let round = 1; round <= 4; round += 1) {
      await load.waitForAnswers(20)
      server.running.signal('SIGHUP')
      await server.running.waitForTimes('Reload done', round)
    }
    await load.waitForAnswers(20)
    const report = await load.stop()
    checkAllOk(report)
    const generations = generationsOf(report, server)
    expect(generations, report.summary).toContain(4)
    expect(generations.size, report.summary).toBeGreaterThan(2)
    expect(server.output).not.toMatch(/Reload failed|WORKER TIMEOUT|SIGKILL/)
  })
})

describe('TERM', () => {
  test('lets every request in flight finish, and takes no new connection', async () => {
    await using server = await serve('./hold.js')
    const uploads = await begun(Array.from({ length: 20 }, () => beginUpload(server.url, 'a part')))
    server.running.signal('SIGTERM')
    await server.running.waitForOutput(/Handling signal: term/)
    await untilRefused(server.url)
    for (const { outgoing } of uploads) outgoing.end('the rest')
    for (const { head } of uploads) {
      const response = await head
      expect(await text(response)).toMatch(/^and finished by \d+$/)
      expect(response.complete).toBe(true)
    }
    expect(await server.running.closed, server.output).toEqual({ code: 0, signal: null })
    expect(server.output).not.toContain('Cut at')
  })

  test('answers what still comes on open connections, and says that each answer is the last', async () => {
    await using server = await serve('./hold.js')
    const sockets = await idleConnections(server.url, 10)
    const uploads = await begun([beginUpload(server.url, 'a part'), beginUpload(server.url, 'a part')])
    server.running.signal('SIGTERM')
    await untilRefused(server.url)
    const answers = await Promise.all(
      sockets.map(async socket => {
        socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n')
        return text(socket)
      }),
    )
    for (const answer of answers)
      expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*connection: close\r\n/i)
    for (const { outgoing } of uploads) outgoing.end()
    expect(await server.running.closed, server.output).toEqual({ code: 0, signal: null })
  })

  test('answers a client that keeps using its connection until it has said that the answer is the last', async () => {
    await using server = await serve('./hold.js')
    const clients = Array.from({ length: 8 }, () => new BusyClient(server.url))
    await Promise.all(clients.map(client => client.answered(10)))
    server.running.signal('SIGTERM')
    await Promise.all(clients.map(client => client.finished))
    expect(await server.running.closed, server.output).toEqual({ code: 0, signal: null })
  })

  test('does not wait for the rest of a body whose request was answered', async () => {
    await using server = await serve('./hold.js')
    const [socket] = await idleConnections(server.url, 1)
    socket?.write('GET / HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\nabc')
    if (socket !== undefined) await once(socket, 'data')
    // The bound is far below the 30 s of the graceful timeout.
    expect(await server.running.stop('SIGTERM', 15_000)).toEqual({ code: 0, signal: null })
    expect(server.output).not.toContain('Cut at')
  })

  test('cuts what is left at --graceful-timeout, and logs each request by method and path', async () => {
    await using server = await serve('./hold.js', { args: ['--graceful-timeout', '1'] })
    const uploads = await begun([
      beginUpload(`${server.url}/report?year=1993`, 'a part'),
      beginUpload(`${server.url}/import`, 'a part'),
    ])
    const ends = uploads.map(async ({ head }) => text(await head))
    const results = Promise.allSettled(ends)
    expect(await server.running.stop('SIGTERM')).toEqual({ code: 0, signal: null })
    for (const { status } of await results) expect(status).toBe('rejected')
    expect(server.output).toMatch(/Cut at the deadline of the drain: POST \/report\?year=1993 after \d/)
    expect(server.output).toMatch(
      /Cut at the deadline of the drain: POST \/import after \d.* s, from 127\.0\.0\.1:\d/,
    )
    expect(server.output.match(/Cut at the deadline of the drain/g)).toHaveLength(2)
    expect(await survivors(server.running)).toEqual([])
  })
})

describe('Ctrl-C', () => {
  test('ends the server soon, with idle keep-alive connections open', async () => {
    await using server = await serve('./hold.js')
    const sockets = await idleConnections(server.url, 20)
    const ends = sockets.map(socket => once(socket, 'close'))
    // The bound is far below the 65 s that idle connections may otherwise stay.
    expect(await server.running.stop('SIGINT', 10_000)).toEqual({ code: 0, signal: null })
    await Promise.all(ends)
    expect(await survivors(server.running)).toEqual([])
  })

  test('gives requests in flight a moment, and then ends without them', async () => {
    await using server = await serve('./hold.js')
    const [upload] = await begun([beginUpload(`${server.url}/long`, 'a part')])
    const answer = upload?.head.then(text)
    const cut = expect(answer).rejects.toThrow()
    expect(await server.running.stop('SIGINT', 10_000)).toEqual({ code: 0, signal: null })
    await cut
    expect(server.output).toMatch(/Cut at .*: POST \/long/)
  })
})

describe('SIGKILL', () => {
  test('of the arbiter leaves no process and no port, also with requests in flight', async () => {
    await using server = await serve('./hold.js')
    const uploads = await begun(Array.from({ length: 5 }, () => beginUpload(server.url, 'a part')))
    const results = Promise.allSettled(uploads.map(async ({ head }) => text(await head)))
    expect(await server.running.stop('SIGKILL')).toEqual({ code: null, signal: 'SIGKILL' })
    expect(await survivors(server.running)).toEqual([])
    await results
    await expect(rawExchange(server.url, '\r\n')).rejects.toThrow('ECONNREFUSED')
  })

  test('of the arbiter leaves a Unix socket and a pidfile that the next one takes over', async () => {
    await using directory = await temporaryDirectory()
    const address = `unix:${directory.path}/app.sock`
    const pidfile = `${directory.path}/pid`
    const args = ['-b', address, '--pid', pidfile]
    await using first = await serve('./hold.js', { args })
    await first.running.stop('SIGKILL')
    expect(await survivors(first.running)).toEqual([])
    await using second = await serve('./hold.js', { args })
    const answer = await rawExchange(address, 'GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n')
    expect(answer.toString()).toContain('200 OK')
    expect(await second.stop()).toEqual({ code: 0, signal: null })
    await expect(stat(pidfile)).rejects.toThrow('ENOENT')
  })

  test('of a worker costs what it had in its hands, and its place is taken', async () => {
    await using server = await serve('./hold.js')
    const uploads = await begun(Array.from({ length: 2 }, () => beginUpload(server.url, 'a part')))
    const [victim] = await waitForWorkers(server.running, 2)
    if (victim === undefined) throw new Error('No worker was booted')
    await using load = new LoadRun({
      to: server.url,
      keepAlive: false,
      clients: 2,
      pauseMs: 2,
      check: pidOf,
    })
    await load.waitForAnswers(20)
    process.kill(victim, 'SIGKILL')
    await server.running.waitForOutput(/(Booting worker[\s\S]*){3}/)
    await load.waitForAnswers(20)
    for (const { outgoing } of uploads) outgoing.end()
    await Promise.allSettled(uploads.map(({ head }) => head))
    const report = await load.stop()
    generationsOf(report, server)
    const { outcomes, summary } = report
    expect(outcomes.refused + outcomes.timeout + outcomes.badStatus, summary).toBe(0)
    // Two clients, each with at most one request in the hands of the victim.
    expect(outcomes.reset + outcomes.shortBody, summary).toBeLessThanOrEqual(2)
    expect(server.output).toMatch(new RegExp(`Worker exiting \\(pid: ${victim}\\): it was ended by SIGKILL`))
  })
})

/** Waits until the first part of every response has come. */
async function begun(uploads: readonly Upload[]): Promise<readonly Upload[]> {
  for (const { head } of uploads) expect(await nextChunk(await head)).toBe('begun ')
  return uploads
}

/** Connections that have served one request and wait for the next. */
async function idleConnections(url: string, count: number): Promise<readonly Socket[]> {
  return Promise.all(
    Array.from({ length: count }, async () => {
      const socket = connect(connectionTo(url))
      socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n')
      const [answer]: unknown[] = await once(socket, 'data')
      expect(String(answer)).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
      return socket
    }),
  )
}

/** Resolves once every listening socket of the address is closed. */
async function untilRefused(url: string): Promise<void> {
  const end = performance.now() + 10_000
  while (performance.now() < end) {
    const socket = connect(connectionTo(url))
    const [error]: unknown[] = await Promise.race([
      once(socket, 'connect'),
      new Promise<unknown[]>(resolve => socket.once('error', failure => resolve([failure]))),
    ])
    socket.destroy()
    if (error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED') return
  }
  throw new Error(`Connections to ${url} are still accepted`)
}
