import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { apps, type Served, serve } from './support/served.js'

let server: Served

beforeAll(async () => {
  server = await serve('./express/app.js')
})

afterAll(() => server[Symbol.asyncDispose]())

test('an Express app serves a static file with its type, its length and a validator', async () => {
  const { status, headers, text } = await server.ask('/static/greeting.txt')
  const file = await readFile(`${apps}express/public/greeting.txt`, 'utf8')
  expect(status).toBe(200)
  expect(text).toBe(file)
  expect(headers).toMatchObject({
    'content-type': 'text/plain; charset=utf-8',
    'content-length': String(file.length),
    etag: expect.any(String),
  })
  const again = await server.ask('/static/greeting.txt', {
    headers: { 'if-none-match': String(headers.etag) },
  })
  expect(again).toMatchObject({ status: 304, text: '' })
  const part = await server.ask('/static/greeting.txt', { headers: { range: 'bytes=0-5' } })
  expect(part).toMatchObject({ status: 206, text: 'a file' })
})

test('an Express app takes an upload of 10 MB, byte by byte', async () => {
  const body = Buffer.alloc(10_000_000)
  for (let index = 0; index < body.length; index += 4)
    body.writeUInt32LE((index * 2_654_435_761) % 2 ** 32, index)
  const { status, text } = await server.ask('/upload', {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body,
  })
  expect(status).toBe(200)
  expect(JSON.parse(text)).toEqual({
    bytes: body.length,
    sha256: createHash('sha256').update(body).digest('hex'),
  })
})

test('the error middleware of an Express app answers for an async handler that throws', async () => {
  const { status, text } = await server.ask('/error')
  expect(status).toBe(500)
  expect(JSON.parse(text)).toEqual({ handled: 'the secret of express' })
})

test('the error middleware of an Express app answers for a body that is not JSON', async () => {
  const { status, text } = await server.ask('/echo', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{ "broken": ',
  })
  expect(status).toBe(400)
  expect(JSON.parse(text)).toEqual({ handled: expect.stringContaining('JSON') })
})

test('the 404 page of an Express app is its own', async () => {
  const { status, text } = await server.ask('/missing')
  expect(status).toBe(404)
  expect(text).toContain('Cannot GET /missing')
})
