import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { Redis } from 'ioredis'
import { Server } from './support/server.js'

test('a reload loses no command and repeats none: those in flight complete, then the clients find the new workers', async t => {
  const directory = await mkdtemp(join(tmpdir(), 'tunicorn-resp-'))
  const journal = join(directory, 'journal')
  const server = await Server.start('--workers', '2', '--env', `JOURNAL=${journal}`)
  const clients = []
  const errors = []
  t.after(async () => {
    for (const client of clients) client.disconnect()
    await server.stop()
    await rm(directory, { recursive: true })
  })
  // ioredis sends a command again when the connection ends before the answer. That is right only because a command that
  // arrives after the server's end of the connection is not carried out; the journal shows it.
  const connect = async () => {
    const client = new Redis(server.port, { retryStrategy: () => 10 })
    clients.push(client)
    client.on('error', error => errors.push(error.message))
    await once(client, 'ready')
    return client
  }
  const idle = await connect()
  const idlePid = await idle.call('pid')
  const waiting = await connect()
  const busy = await Promise.all([connect(), connect(), connect()])

  const ids = []
  const pids = new Set()
  let isOver = false
  const load = busy.map(async (client, number) => {
    for (let count = 0; !isOver; count += 1) {
      ids.push(`${number}-${count}`)
      pids.add(await client.call('journal', `${number}-${count}`))
    }
  })
  const slowAnswer = waiting.call('slow', '1500')
  const closes = Promise.all([...clients].map(client => once(client, 'close')))

  server.signal('SIGHUP')
  await server.waitFor(/Reload done/)
  assert.ok((await slowAnswer) > 0)
  await closes
  assert.notEqual(await idle.call('pid'), idlePid)
  const before = ids.length
  while (ids.length < before + 100) await busy[0].ping()
  isOver = true
  await Promise.all(load)

  const done = (await readFile(journal, 'utf8')).trimEnd().split('\n')
  assert.deepEqual(done.sort(), ids.sort(), 'every command was carried out once')
  assert.ok(pids.size >= 2, `served by old and new workers: ${[...pids]}`)
  assert.deepEqual(errors, [], 'no connection was refused or reset')
  for (const client of clients) client.disconnect()
  assert.equal(await server.stop(), 0, server.output)
})
