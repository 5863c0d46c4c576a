import { readdir, readFile } from 'node:fs/promises'
import { codeIn } from '@tunicorn/harness'
import { fromFetch, serve } from '@tunicorn/worker-asgi'
import { expect, test } from 'vitest'
import app from '../fixtures/examples/app.js'
import { timing } from '../fixtures/examples/middleware.js'
import mounted from '../fixtures/examples/mounted.js'
import stream from '../fixtures/examples/stream.js'
import { get } from '../support/requests.js'
import { startScene } from '../support/scene.js'
import { connect } from '../support/ws-client.js'

const root = new URL('../../', import.meta.url)

test('every code block of the README and the docs is a file that is compiled and run here', async () => {
  const examples = new URL('test/fixtures/examples/', root)
  const files = await Promise.all(
    (await readdir(examples)).map(name => readFile(new URL(name, examples), 'utf8')),
  )
  const texts = await Promise.all(
    ['README.md', 'docs/asgi.md'].map(name => readFile(new URL(name, root), 'utf8')),
  )
  const blocks = texts.flatMap(text => codeIn(text, 'ts'))
  expect(blocks.toSorted()).toEqual(files.toSorted())
})

test('the app of the README answers requests and echoes messages', async () => {
  const scene = await startScene(() => app, { lifespan: 'on' })
  expect(await (await fetch(`${scene.server.url}/a`)).text()).toBe('GET /a\n')
  const client = await connect(scene)
  client.socket.send('echo')
  expect(await client.received(1)).toEqual(['echo'])
})

test('the middleware of the README adds its header field', async () => {
  const { server } = await startScene(() => timing(app))
  const response = await fetch(server.url)
  expect(response.headers.get('server-timing')).toMatch(/^app;dur=\d+\.\d$/)
  expect(response.headers.get('content-type')).toBe('text/plain')
})

test('the mounted app of the docs answers beside the other one', async () => {
  const { server } = await startScene(() => mounted, { lifespan: 'on' })
  expect(await (await fetch(`${server.url}/api/time`)).text()).toMatch(/^\d{4}-/)
  expect(await (await fetch(`${server.url}/other`)).text()).toBe('GET /other\n')
})

test('the stream of the docs ends when the server stops', async () => {
  const { server, connect: connectTo } = await startScene(() => stream)
  const client = await connectTo()
  await client.send(get()).until(/data: 1\n\n/)
  await server.close()
  expect(await client.all()).toMatch(/\r\n0\r\n\r\n$/)
})

test('the script of the README ends well', async () => {
  await expect(import('../fixtures/examples/serving.js')).resolves.toBeDefined()
})

test('the module that the arbiter imports loads neither the HTTP service nor the WebSocket library', async () => {
  const dist = new URL('dist/', root)
  const seen = new Set<string>()
  const visit = async (name: string): Promise<void> => {
    if (seen.has(name)) return
    seen.add(name)
    if (!name.startsWith('./')) return
    const text = await readFile(new URL(name, dist), 'utf8')
    for (const [, imported = ''] of text.matchAll(/(?:^|\n)(?:import|export) [^;]*?from ["']([^"']+)["']/g))
      await visit(imported)
  }
  await visit('./index.js')
  const outside = [...seen].filter(name => !name.startsWith('./'))
  expect(outside).toContain('@tunicorn/arbiter/worker')
  expect(outside).not.toContain('ws')
  expect(outside).not.toContain('@tunicorn/http')
})

test('an app that is no function is refused by serve', async () => {
  await expect(serve({} as never, { port: 0 })).rejects.toMatchObject({ code: 'APP_NOT_USABLE' })
  expect(fromFetch(() => new Response())).toHaveLength(3)
})
