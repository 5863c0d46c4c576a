/** Unmodified apps of every framework answer in the same way under the built command. */
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Served, serve } from './support/served.js'
import { beginUpload, nextChunk } from './support/upload.js'

const frameworks: readonly (readonly [name: string, app: string])[] = [
  ['express', './express/app.js'],
  ['fastify', './fastify/app.js'],
  ['koa', './koa.js'],
  ['hono', './hono.js'],
  ['h3', './h3.js'],
  ['plain-handler', './plain-handler.js'],
  ['plain-fetch', './plain-fetch.js'],
  ['http-server', './http-server.js'],
]

describe.each(frameworks)('an app of %s', (name, app) => {
  let server: Served

  beforeAll(async () => {
    server = await serve(app)
  })

  afterAll(() => server[Symbol.asyncDispose]())

  test('answers a GET', async () => {
    const { status, text: body } = await server.ask('/')
    expect(body).toBe(`hello from ${name}`)
    expect(status).toBe(200)
  })

  test('reads and writes JSON', async () => {
    const value = { name: 'Ünïcörn', list: [1, 2, 3], nested: { isTrue: true } }
    const { status, headers, text: body } = await server.post('/echo', value)
    expect(status).toBe(200)
    expect(headers['content-type']).toMatch(/^application\/json/)
    expect(JSON.parse(body)).toEqual({ received: value })
  })

  test('says 404 for what is not there', async () => {
    expect((await server.ask('/missing')).status).toBe(404)
  })

  test('says 500 when a handler throws, without the stack, and goes on', async () => {
    const { status, text: body } = await server.ask('/error')
    expect(status).toBe(500)
    expect(body).not.toContain('    at ')
    expect((await server.ask('/')).status).toBe(200)
  })

  test('sends the first part of a response while the request still comes in', async () => {
    const headers = { 'content-type': 'application/octet-stream' }
    const { outgoing, head } = beginUpload(`${server.url}/stream`, 'one', { headers })
    const response = await head
    expect(response.statusCode).toBe(200)
    expect(await nextChunk(response)).toBe('one')
    outgoing.write('two')
    expect(await nextChunk(response)).toBe('two')
    outgoing.end('three')
    expect(await text(response)).toBe('three')
    expect(response.complete).toBe(true)
  })

  test('streams server-sent events until the client leaves, and then stops', async () => {
    const leaving = new AbortController()
    const response = await fetch(`${server.url}/events`, { signal: leaving.signal })
    expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/)
    let received = ''
    const decoder = new TextDecoder()
    for await (const chunk of response.body ?? []) {
      received += decoder.decode(chunk, { stream: true })
      if (received.includes('tick 3')) break
    }
    leaving.abort()
    expect(received).toMatch(/^data: tick 1\n\ndata: tick 2\n\ndata: tick 3\n/)
    await server.running.waitForOutput(/the stream was let go/)
  })

  test('ends with 0 and nothing on its way out goes wrong', async () => {
    await server.ask('/')
    expect(await server.stop()).toEqual({ code: 0, signal: null })
    expect(server.output).not.toMatch(/failed to|Unhandled|Uncaught/)
  })
})
