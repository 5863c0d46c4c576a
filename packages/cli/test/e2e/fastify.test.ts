import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Served, serve } from './support/served.js'

let server: Served

beforeAll(async () => {
  server = await serve('./fastify/app.js')
})

afterAll(() => server[Symbol.asyncDispose]())

test('a Fastify app is made ready once, before its first request', async () => {
  expect(JSON.parse((await server.ask('/ready')).text)).toEqual({ ready: 1 })
})

test('the request hooks of a Fastify app run', async () => {
  expect((await server.ask('/')).headers).toMatchObject({ 'x-hook': 'onRequest GET' })
})

test('a Fastify app validates with its schemas', async () => {
  expect(await server.post('/validated', { name: 'unicorn' })).toMatchObject({
    status: 200,
    text: '{"name":"unicorn"}',
  })
  const refused = await server.post('/validated', {})
  expect(refused.status).toBe(400)
  expect(JSON.parse(refused.text)).toMatchObject({ code: 'FST_ERR_VALIDATION' })
})

test('an error in a Fastify app has the form that Fastify gives it', async () => {
  expect(JSON.parse((await server.ask('/error')).text)).toEqual({
    statusCode: 500,
    error: 'Internal Server Error',
    message: 'the secret of fastify',
  })
})

test.each(['./fastify/app.js', './listening/fastify.js'])(
  'a Fastify app is closed after the last request: %s',
  async app => {
    await using own = await serve(app, { env: { APP_PORT: '3000' }, args: ['-w', '1'] })
    expect((await own.ask('/')).status).toBe(200)
    expect(own.output).not.toContain('fastify was closed')
    expect(await own.stop()).toEqual({ code: 0, signal: null })
    expect(own.output.match(/fastify was closed/g)).toHaveLength(1)
  },
)
