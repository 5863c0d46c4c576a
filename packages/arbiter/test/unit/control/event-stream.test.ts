import { createServer, type Server } from 'node:http'
import { connect, type Socket } from 'node:net'
import { temporaryDirectory } from '@tunicorn/harness'
import { describe, expect, it } from 'vitest'
import { ControlClient } from '../../../src/control/control-client.js'
import { EventStream } from '../../../src/control/event-stream.js'
import type { ServerStatus } from '../../../src/control/status.js'
import { WorkerTable } from '../../../src/supervision/worker-table.js'

const status: ServerStatus = {
  api: 1,
  arbiter: {
    pid: 1,
    version: '0',
    nodeVersion: 'v20',
    generation: 0,
    state: 'serving',
    startedAt: new Date(0).toISOString(),
    rss: 0,
    lastReload: null,
  },
  groups: [],
}

interface Rig extends AsyncDisposable {
  readonly events: EventStream
  readonly server: Server
  readonly path: string
  /** Resolves once so many read. */
  readers(count: number): Promise<void>
}

/** An event stream behind a real server on a real socket. */
async function rig(): Promise<Rig> {
  const directory = await temporaryDirectory()
  const events = new EventStream({ now: () => 0, status: () => status })
  let count = 0
  const server = createServer((_request, response) => {
    events.add(response)
    count += 1
    response.once('close', () => {
      count -= 1
    })
  })
  const path = `${directory.path}/events.sock`
  await new Promise<void>(resolve => server.listen(path, resolve))
  return {
    events,
    server,
    path,
    readers: wanted => expect.poll(() => count).toBe(wanted),
    async [Symbol.asyncDispose]() {
      events.close()
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
      await directory[Symbol.asyncDispose]()
    },
  }
}

const row = new WorkerTable().register({ group: 'web', generation: 0, slot: 0 }, 0)

/** Sends the request and never reads the answer. */
function deafReader(path: string): Socket {
  const socket = connect(path)
  socket.write('GET /events HTTP/1.1\r\nhost: x\r\n\r\n')
  return socket.pause()
}

describe('a stream of events', () => {
  it('cuts a reader that does not keep up, and nobody else loses an event', async () => {
    await using it = await rig()
    const deaf = deafReader(it.path)
    const keen = new ControlClient(it.path).events()
    await keen.next()
    await it.readers(2)
    const rounds = 200
    const perRound = 50
    for (let round = 0; round < rounds; round += 1) {
      for (let index = 0; index < perRound; index += 1)
        it.events.targetChanged('web', 1, round * perRound + index)
      for (let index = 0; index < perRound; index += 1) {
        const { value } = await keen.next()
        expect(value).toMatchObject({ type: 'target', to: round * perRound + index })
      }
    }
    await it.readers(1)
    deaf.destroy()
    await keen.return(undefined)
  })

  it('forgets a reader that has gone', async () => {
    await using it = await rig()
    const reader = deafReader(it.path)
    await it.readers(1)
    reader.destroy()
    await it.readers(0)
    it.events.workerChanged(row, undefined)
  })

  it('numbers the events, gives each its name, and tells of the end', async () => {
    await using it = await rig()
    const reader = connect(it.path)
    let text = ''
    reader.setEncoding('utf8').on('data', chunk => {
      text += chunk
    })
    reader.write('GET /events HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n')
    await it.readers(1)
    it.events.workerChanged(row, undefined)
    it.events.reloadEnded({ type: 'failed', isRolledBack: false, error: new Error('broken') })
    it.events.close()
    await it.readers(0)
    expect([...text.matchAll(/^id: (\d+)\nevent: (\S+)$/gm)].map(match => match.slice(1))).toEqual([
      ['0', 'status'],
      ['1', 'worker'],
      ['2', 'reload-failed'],
      ['3', 'arbiter'],
    ])
    expect(text).toContain('"error":{"code":"UNEXPECTED","message":"broken"}')
  })

  it('has room for so many readers and no more', async () => {
    await using it = await rig()
    const readers = Array.from({ length: 64 }, () => deafReader(it.path))
    await it.readers(63 + 1)
    expect(() => it.events.requireRoom()).toThrow('64 readers')
    for (const reader of readers) reader.destroy()
    await it.readers(0)
    expect(() => it.events.requireRoom()).not.toThrow()
  })
})
