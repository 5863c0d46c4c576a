import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { after, before, test } from 'node:test'
import { Redis } from 'ioredis'
import { Server } from './support/server.js'

let server
let redis

before(async () => {
  server = await Server.start()
  redis = new Redis(server.port)
})

after(async () => {
  redis.disconnect()
  assert.equal(await server.stop(), 0)
})

test('a Redis client gets, sets, deletes and counts', async () => {
  assert.equal(await redis.ping(), 'PONG')
  assert.equal(await redis.echo('hello'), 'hello')
  assert.equal(await redis.set('key', 'välue\r\n'), 'OK')
  assert.equal(await redis.get('key'), 'välue\r\n')
  assert.equal(await redis.get('other'), null)
  assert.deepEqual([await redis.incr('n'), await redis.incr('n')], [1, 2])
  assert.equal(await redis.del('key', 'n', 'never'), 2)
})

test('values are bytes', async () => {
  const bytes = Buffer.from(Array.from({ length: 100_000 }, (_, index) => index % 256))
  await redis.set('bytes', bytes)
  assert.ok(bytes.equals(await redis.getBuffer('bytes')))
})

test('the answers to a pipeline come in its order, slow commands and errors included', async () => {
  const pipeline = redis.pipeline().set('p', 'x').incr('p').call('slow', '50').get('p').call('nonsense', 'a')
  const results = await pipeline.exec()
  assert.deepEqual(
    results.map(([error, value]) => error?.message ?? value),
    [
      'OK',
      'ERR value is not an integer or out of range',
      Number((await redis.call('pid')).toString()),
      'x',
      "ERR unknown command 'NONSENSE'",
    ],
  )
  const many = redis.pipeline()
  for (let index = 0; index < 5_000; index += 1) many.incr('many')
  assert.deepEqual((await many.exec()).at(-1), [null, 5_000])
})

test('a command that fails tells the client nothing, the log everything, and the worker goes on', async () => {
  const from = server.output.length
  await assert.rejects(redis.call('fail'), /^ReplyError: ERR internal error$/)
  await server.waitFor(/a secret detail/, from)
  assert.equal(await redis.ping(), 'PONG')
})

test('QUIT is answered, then the connection ends', async () => {
  assert.equal(await exchange(bytesOf('QUIT') + bytesOf('PING')), '+OK\r\n')
})

test('bytes that are not of the protocol are answered with an error, after the commands before them', async () => {
  assert.equal(
    await exchange(`${bytesOf('PING')}*1\r\n:5\r\n`),
    "+PONG\r\n-ERR Protocol error: expected '$', got ':'\r\n",
  )
  assert.match(await exchange('*-1\r\n'), /^-ERR Protocol error: invalid length/)
  assert.match(await exchange('*1\r\n$99999999\r\n'), /^-ERR Protocol error: invalid bulk length/)
})

test('a client that ends its side after its commands has all the answers', async () => {
  assert.equal(
    await exchange(bytesOf('SET', 'half', '1') + bytesOf('INCR', 'half'), { isEnded: true }),
    '+OK\r\n:2\r\n',
  )
})

/** A command as clients send it. */
function bytesOf(...words) {
  return `*${words.length}\r\n${words.map(word => `$${word.length}\r\n${word}\r\n`).join('')}`
}

/** Sends bytes on a connection of its own and resolves with all that came when the server has ended it. */
async function exchange(bytes, { isEnded = false } = {}) {
  const socket = connect(server.port, '127.0.0.1')
  let received = ''
  socket.setEncoding('utf8').on('data', text => {
    received += text
  })
  if (isEnded) socket.end(bytes)
  else socket.write(bytes)
  await once(socket, 'end')
  return received
}
