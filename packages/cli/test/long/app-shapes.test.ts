/** Shapes of apps that are no `(req, res)` function, no server and no object with `fetch`: what people export. */
import { rawExchange, startTunicorn } from '@tunicorn/harness'
import { describe, expect, test } from 'vitest'
import { expectOneMessage } from '../e2e/support/expect-one-message.js'
import { apps, type Served, serve, usual } from '../e2e/support/served.js'
import { createProject } from '../integration/project.js'

/** Serves one module. What it imports is found from the folder of the apps. */
async function serveModule(source: string, name = 'app.mjs', exportName = ''): Promise<Served> {
  const project = await createProject({ [name]: source })
  return serve(`${project.path}/${name}${exportName}`, { cwd: apps })
}

describe('a `(req, res, next)` function', () => {
  test.each(['event-loop', 'thread-pool'])('is given a `next` under the class %s', async workerClass => {
    await using server = await serve('./shapes/connect-style.js', { args: ['-k', workerClass] })
    expect((await server.ask('/')).text).toBe('served')
    expect((await server.ask('/passes')).status).toBe(404)
    expect((await server.ask('/fails')).status).toBe(500)
    await server.running.waitForOutput(/passed on purpose/)
    expect((await server.ask('/throws')).status).toBe(500)
    expect(await server.stop()).toEqual({ code: 0, signal: null })
  })
})

describe('an export that has to be awaited or called', () => {
  test('a promise is awaited', async () => {
    const app = `module.exports = new Promise(resolve => setTimeout(resolve, 50)).then(() => (_req, res) => res.end('awaited'))`
    await using server = await serveModule(app, 'app.cjs')
    expect((await server.ask('/')).text).toBe('awaited')
  })

  test('a promise that rejects is an app that could not be loaded', async () => {
    await using project = await createProject({
      'app.mjs': `export default Promise.reject(new Error('no database'))`,
    })
    await using running = await startTunicorn({ cwd: project.path, args: ['./app.mjs', ...usual] })
    await expectOneMessage(running, 4, /could not be loaded: Error: no database/)
  })

  test.each([
    ['a function', `export const create = () => (_req, res) => res.end('made')`, ':create()'],
    [
      'an async function',
      `export async function create() { return (_req, res) => res.end('made') }`,
      ':create()',
    ],
    ['of fetch', `export default () => ({ fetch: () => new Response('made') })`, ':default()'],
  ])('what makes an app is named with parentheses: %s', async (_what, source, exportName) => {
    await using server = await serveModule(source, 'app.mjs', exportName)
    expect((await server.ask('/')).text).toBe('made')
  })

  test('a default export without parameters is told apart from a handler', async () => {
    await using project = await createProject({ 'app.mjs': `export default async function createApp() {}` })
    await using running = await startTunicorn({ cwd: project.path, args: ['./app.mjs', ...usual] })
    await expectOneMessage(running, 4, /`\.\/app\.mjs:default\(\)`/)
  })

  test('what a factory throws is an app that could not be loaded', async () => {
    await using project = await createProject({
      'app.mjs': `export const create = () => { throw new Error('no key') }`,
    })
    await using running = await startTunicorn({ cwd: project.path, args: ['./app.mjs:create()', ...usual] })
    await expectOneMessage(running, 4, /could not be loaded: Error: no key/)
  })
})

test('an instance of Polka is an app', async () => {
  await using server = await serve('./shapes/polka.js')
  expect((await server.ask('/')).text).toBe('hello from polka')
  expect((await server.ask('/missing')).status).toBe(404)
})

describe('fetch apps', () => {
  test.each(['undici', 'ponyfill'])('a Response of another make is taken: %s', async make => {
    await using server = await serve(`./shapes/responses.js:${make}`)
    const { status, headers, text } = await server.ask('/')
    expect(text).toBe(`made by ${make}`)
    expect(status).toBe(201)
    expect(headers['x-make']).toBe(make)
    expect(headers['set-cookie']).toEqual(['a=1', 'b=2'])
  })

  test.each(['event-loop', 'thread-pool'])(
    'are given what the request came as, under %s',
    async workerClass => {
      await using server = await serve('./shapes/hono-helpers.js', { args: ['-k', workerClass] })
      expect(JSON.parse((await server.ask('/info')).text)).toMatchObject({ address: '127.0.0.1' })
    },
  )

  test('HEAD has the type that GET has', async () => {
    await using server = await serve('./shapes/hono-helpers.js')
    const { headers } = await server.ask('/text')
    expect(headers['content-type']).toMatch(/^text\/plain/)
    expect((await server.ask('/text', { method: 'HEAD' })).headers['content-type']).toBe(
      headers['content-type'],
    )
  })

  test('a status has its phrase', async () => {
    await using server = await serve('./shapes/hono-helpers.js')
    const answer = await rawExchange(
      server.url,
      'GET /missing HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
    )
    expect(answer.toString('latin1')).toMatch(/^HTTP\/1\.1 404 Not Found\r\n/)
  })
})
