/** What people begin with: ten small apps, each started by the name of its file and nothing else. */
import { join } from 'node:path'
import { startProcess, testNode } from '@tunicorn/harness'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { InstalledProject } from '../support/installed-project.js'

const first = 24_301

interface Starter {
  readonly file: string
  readonly source: (port: number) => string
  /** @default its own */
  readonly port?: number
}

const starters: readonly Starter[] = [
  {
    file: 'plain.mjs',
    source: port => `import { createServer } from 'node:http'
const server = createServer((req, res) => {
  res.writeHead(200, { 'Content-Type': 'text/plain' })
  res.end('hello')
})
server.listen(${port}, '127.0.0.1', () => console.log('Listening on 127.0.0.1:${port}'))`,
  },
  {
    file: 'plain.cjs',
    source: port => `const http = require('http')
const port = process.env.PORT || ${port}
if (require.main === module) http.createServer((req, res) => res.end('hello')).listen(port)`,
  },
  {
    file: 'express.cjs',
    source: port => `const express = require('express')
const app = express()
app.get('/', (req, res) => { res.send('hello') })
app.listen(${port}, () => { console.log('Example app listening on port ${port}') })`,
  },
  {
    file: 'generated/bin/www',
    source: port => `#!/usr/bin/env node
var app = require('../app')
var http = require('http')
var port = parseInt(process.env.PORT || '${port}', 10)
app.set('port', port)
var server = http.createServer(app)
server.listen(port)
server.on('error', function (error) { throw error })
server.on('listening', function () { console.log('Listening on port ' + server.address().port) })`,
  },
  {
    file: 'express-async.mjs',
    source: port => `import express from 'express'
async function main() {
  await new Promise(resolve => setTimeout(resolve, 300))
  const app = express()
  app.get('/', async (req, res) => res.send('hello'))
  return app.listen(${port})
}
main().catch(error => { console.error(error); process.exit(1) })`,
  },
  {
    file: 'express.ts',
    source: port => `import express, { type Request, type Response } from 'express'
const app = express()
const port: number = Number(process.env.PORT ?? ${port})
app.get('/', (req: Request, res: Response) => { res.send('hello') })
app.listen(port)`,
  },
  {
    file: 'fastify.mjs',
    source: port => `import Fastify from 'fastify'
const fastify = Fastify({ logger: true })
fastify.get('/', async function handler(request, reply) { return 'hello' })
try {
  await fastify.listen({ port: ${port} })
} catch (err) {
  fastify.log.error(err)
  process.exit(1)
}`,
  },
  {
    file: 'koa.cjs',
    source: port => `const Koa = require('koa')
const app = new Koa()
app.use(async ctx => { ctx.body = 'hello' })
app.listen(${port})`,
  },
  {
    file: 'hono.ts',
    source: port => `import { serve } from '@hono/node-server'
import { Hono } from 'hono'
const app = new Hono()
app.get('/', c => c.text('hello'))
serve({ fetch: app.fetch, port: ${port} }, info => { console.log(\`Server is running on port \${info.port}\`) })`,
  },
  {
    file: 'hono-exported.mjs',
    port: 8000,
    source: () => `import { Hono } from 'hono'
const app = new Hono()
app.get('/', c => c.text('hello'))
export default app`,
  },
]

let project: InstalledProject

beforeAll(async () => {
  project = await InstalledProject.create({
    install: [
      ...['tunicorn', '@tunicorn/worker-event-loop'],
      ...['express@5', 'fastify@5', 'koa@3', 'hono@4', '@hono/node-server@1'],
    ],
    files: {
      'generated/package.json': '{ "private": true }',
      'generated/app.js': `var express = require('express')
var app = express()
app.get('/', function (req, res) { res.send('hello') })
module.exports = app`,
      ...Object.fromEntries(starters.map(({ file, source }, index) => [file, source(first + index)])),
    },
  })
})

afterAll(() => project[Symbol.asyncDispose]())

test.each(starters.map((starter, index) => ({ port: first + index, ...starter })))(
  'tunicorn ./$file serves it where it asks to be, and ends with 0',
  async ({ file, port }) => {
    const args = [join(project.path, 'node_modules/.bin/tunicorn'), `./${file}`]
    const env = { PORT: undefined, WEB_CONCURRENCY: undefined, TUNICORN_CMD_ARGS: undefined }
    await using running = await startProcess(testNode(), args, { cwd: project.path, env })
    await running.waitForOutput(new RegExp(`Listening at: \\S*:${port}\\b`))
    const ask = (): Promise<string> => fetch(`http://127.0.0.1:${port}`).then(answer => answer.text(), String)
    await expect.poll(ask).toBe('hello')
    expect((await running.stop('SIGTERM')).code).toBe(0)
  },
)
