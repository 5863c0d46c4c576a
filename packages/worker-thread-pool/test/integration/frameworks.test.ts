import { describe, expect, it } from 'vitest'
import { createWorker, startWorker } from '../support/start-worker.js'

const post = { method: 'POST', body: '{"a":[1,2]}', headers: { 'content-type': 'application/json' } }

describe('Express in threads', () => {
  it('parses JSON bodies, small and large, and knows the client', async () => {
    const { url } = await startWorker({ app: 'express-app.mjs' })
    const response = await fetch(`${url}/json`, post)
    expect(response.status).toBe(201)
    expect(await response.json()).toEqual({ got: { a: [1, 2] }, ip: '127.0.0.1', host: '127.0.0.1' })
    const text = 'x'.repeat(90_000)
    const large = await fetch(`${url}/json`, { ...post, body: JSON.stringify({ text }) })
    expect(await large.json()).toMatchObject({ got: { text } })
  })

  it('runs its error middleware, also for a body that is no JSON', async () => {
    const { url, context } = await startWorker({ app: 'express-app.mjs' })
    const failed = await fetch(`${url}/fail`)
    expect([failed.status, await failed.json()]).toEqual([418, { handled: 'failed in Express' }])
    const broken = await fetch(`${url}/json`, { ...post, body: '{' })
    expect(broken.status).toBe(400)
    expect(context.lines.filter(({ level }) => level === 'error')).toEqual([])
  })

  it('streams, and answers 404 by itself', async () => {
    const { url } = await startWorker({ app: 'express-app.mjs' })
    const stream = await fetch(`${url}/stream`)
    expect(stream.headers.get('content-type')).toContain('text/event-stream')
    expect(await stream.text()).toBe('data: 1\n\ndata: 2\n\n')
    expect((await fetch(`${url}/missing`)).status).toBe(404)
  })
})

describe('other frameworks in threads', () => {
  it('Fastify answers and parses JSON', async () => {
    const { url } = await startWorker({ app: 'fastify-app.mjs' })
    expect(await (await fetch(url)).text()).toBe('hello from Fastify')
    expect(await (await fetch(`${url}/json`, post)).json()).toEqual({ got: { a: [1, 2] } })
  })

  it('Fastify with TLS of its own is refused', async () => {
    const { worker } = await createWorker({ app: 'fastify-tls-app.mjs' })
    await expect(worker.boot()).rejects.toMatchObject({
      code: 'APP_NOT_USABLE',
      message: expect.stringMatching(/brings its own TLS.*`certfile` and `keyfile`/),
    })
  })

  it('Koa answers', async () => {
    const { url } = await startWorker({ app: 'koa-app.mjs' })
    expect(await (await fetch(`${url}/there`)).json()).toEqual({ path: '/there', method: 'GET' })
  })

  it('Hono answers and parses JSON', async () => {
    const { url } = await startWorker({ app: 'hono-app.mjs' })
    expect(await (await fetch(url)).text()).toBe('hello from Hono')
    expect(await (await fetch(`${url}/json`, post)).json()).toEqual({ got: { a: [1, 2] } })
  })
})
