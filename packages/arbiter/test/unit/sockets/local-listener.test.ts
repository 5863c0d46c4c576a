import { createServer, type Server } from 'node:net'
import { rawExchange, temporaryDirectory } from '@tunicorn/harness'
import { expect, onTestFinished, test } from 'vitest'
import { LocalListener } from '../../../src/sockets/local-listener.js'

function greeter(): Server {
  return createServer(socket => socket.end('hello'))
}

async function listening(listener: LocalListener): Promise<LocalListener> {
  await listener.listen(greeter())
  onTestFinished(() => listener.pause())
  return listener
}

const ask = async (listener: LocalListener): Promise<string> =>
  (await rawExchange({ port: listener.port }, '')).toString()

test('a listener that is paused refuses connections, and accepts at the same port when it is resumed', async () => {
  const listener = await listening(new LocalListener())
  const { port } = listener
  expect(port).toBeGreaterThan(0)
  expect(await ask(listener)).toBe('hello')
  listener.pause()
  listener.pause()
  expect(listener.isAccepting).toBe(false)
  await expect(ask(listener)).rejects.toThrow('ECONNREFUSED')
  await Promise.all([listener.resume(), listener.resume()])
  expect([listener.isAccepting, listener.port]).toEqual([true, port])
  expect(await ask(listener)).toBe('hello')
})

test('a listener that is paused while it binds does not accept', async () => {
  const listener = await listening(new LocalListener())
  listener.pause()
  const resumed = listener.resume()
  listener.pause()
  await resumed
  expect(listener.isAccepting).toBe(false)
  await expect(ask(listener)).rejects.toThrow('ECONNREFUSED')
})

test('a Unix socket is bound at its path', async () => {
  await using directory = await temporaryDirectory()
  const path = `${directory.path}/app.sock`
  const listener = await listening(new LocalListener(path))
  expect([listener.address, listener.port]).toEqual([path, 0])
  expect((await rawExchange({ path }, '')).toString()).toBe('hello')
})

test('a listener takes one server, and resumes none', async () => {
  await expect(new LocalListener().resume()).rejects.toThrow(TypeError)
  const listener = await listening(new LocalListener())
  await expect(listener.listen(greeter())).rejects.toThrow('A listener takes one server')
})
