import { once } from 'node:events'
import { createServer } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import { resolveHttpApp } from '../../src/app/resolve-http-app.js'

const settings = { forwardedAllowIps: ['127.0.0.1'], forwardedHeaders: [] }

test.each([
  [undefined, /got `undefined`/],
  [null, /got `null`/],
  ['text', /got `"text"` \(string\)/],
  [{}, /got `\{\}` \(object\)/],
  [{ fetch: () => undefined, other: 1 }, /got `\{ fetch: \[Function: fetch\], other: 1 \}` \(object\)/],
])('a value that is no app of kind node is refused: %j', async (value, message) => {
  await expect(resolveHttpApp({ kind: 'node', value }, settings)).rejects.toMatchObject({
    code: 'APP_NOT_USABLE',
    message: expect.stringMatching(message),
  })
})

test.each([[undefined], [{}], [{ fetch: 'text' }]])(
  'a value that is no app of kind fetch is refused: %j',
  async value => {
    await expect(resolveHttpApp({ kind: 'fetch', value }, settings)).rejects.toMatchObject({
      code: 'APP_NOT_USABLE',
    })
  },
)

test('a kind that is not HTTP is refused', async () => {
  const app = { kind: 'asgi', value: () => undefined }
  await expect(resolveHttpApp(app, settings)).rejects.toMatchObject({ code: 'APP_KIND_UNSUPPORTED' })
})

test('a server that listens is refused with what to do', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  onTestFinished(() => {
    server.close()
  })
  await once(server, 'listening')
  await expect(resolveHttpApp({ kind: 'node', value: server }, settings)).rejects.toMatchObject({
    code: 'APP_NOT_USABLE',
    message: expect.stringMatching(/without calling `listen`/),
  })
})

test('an instance that does not become ready fails', async () => {
  const reason = new Error('a plug-in failed')
  const value = { ready: () => Promise.reject(reason), routing: () => undefined }
  await expect(resolveHttpApp({ kind: 'node', value }, settings)).rejects.toBe(reason)
})
