import { join } from 'node:path'
import { temporaryDirectory } from '@tunicorn/harness'
import { RawClient } from '@tunicorn/harness/vitest'
import { serve } from '@tunicorn/worker-asgi'
import { expect, test } from 'vitest'
import { hello, noteScope } from '../support/apps.js'
import { get } from '../support/requests.js'
import { startScene } from '../support/scene.js'

test('the server context tells what is native, and what the client has not read', async () => {
  const { connect, probe } = await startScene(
    noteScope(({ extensions: { server } }) => [
      server?.native.req.url,
      server?.native.res?.statusCode,
      server?.bufferedAmount,
      server?.writable,
      server?.workerId,
      server?.draining.aborted,
    ]),
  )
  const client = await connect()
  await client.send(get('/native')).until(/204/)
  expect(await probe.noted()).toEqual([['/native', 200, 0, true, 0, false]])
})

test('a server on a Unix socket names its path and no client', async () => {
  await using directory = await temporaryDirectory()
  const path = join(directory.path, 'asgi.sock')
  const { server, connect, probe } = await startScene(
    noteScope(({ client, server }) => [client, server]),
    { path },
  )
  const client = await connect()
  await client.send(get()).until(/204/)
  expect(await probe.noted()).toEqual([[null, [path, null]]])
  expect(server.url).toBe(`unix:${path}`)
  await server.close(0)
})

test('serve refuses wrong options and names each of them', async () => {
  const wrong = { port: 0, lifespan: 'maybe', wsMaxSize: -1, nonsense: 1 } as never
  await expect(serve(hello(), wrong)).rejects.toThrow(
    /`lifespan`.*`wsMaxSize`.*`nonsense`.*there is no such option: the options of the worker class are rootPath, /s,
  )
})

test('serve closes once, however often it is asked to', async () => {
  const server = await serve(hello(), { port: 0 })
  await Promise.all([server.close(), server.close(), server[Symbol.asyncDispose]()])
  await expect(RawClient.connect(Number(new URL(server.url).port))).rejects.toThrow()
})
