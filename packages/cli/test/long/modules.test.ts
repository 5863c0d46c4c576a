/** Apps in every form that a module can have. */
import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { serve } from '../e2e/support/served.js'
import { createProject } from '../integration/project.js'

test('a CommonJS app is served as the main module, and what it requires is found from its own place', async () => {
  await using server = await serve('./commonjs/app.js')
  expect((await server.ask('/')).text).toBe('hello from commonjs')
  expect(JSON.parse((await server.ask('/file')).text)).toEqual({ file: 'app.js', main: true })
  expect((await server.ask('/hash')).text).toBe(createHash('sha256').update('x').digest('hex'))
})

test('a CommonJS app with the name `app` among its exports is served', async () => {
  await using project = await createProject({
    'app.cjs': `exports.app = (_req, res) => res.end('hello from exports.app')`,
  })
  await using server = await serve('./app.cjs', { cwd: project.path })
  expect((await server.ask('/')).text).toBe('hello from exports.app')
})

test('a module that awaits at its top is served once it has what it waits for', async () => {
  await using server = await serve('./top-level-await.js')
  expect((await server.ask('/')).text).toBe('read before the first request: a file as it lies on the disk\n')
})

test.each([
  ['./exports.js', 'hello from the site'],
  ['./exports.js:app', 'hello from the site'],
  ['./exports.js:admin', 'hello from the admin'],
  ['./exports.js:api', 'hello from the api'],
])('the app %s is the export that it names', async (specifier, answer) => {
  await using server = await serve(specifier)
  expect((await server.ask('/')).text).toBe(answer)
})

test('an app in a package that the project has installed is served by the name of the package', async () => {
  await using project = await createProject({
    'node_modules/my-app/package.json': JSON.stringify({
      name: 'my-app',
      type: 'module',
      exports: './main.js',
    }),
    'node_modules/my-app/main.js': `export const handler = (_req, res) => res.end('hello from a package')`,
  })
  await using server = await serve('my-app:handler', { cwd: project.path })
  expect((await server.ask('/')).text).toBe('hello from a package')
})

test('an app is found from --chdir, and serves there', async () => {
  await using project = await createProject({
    'site/app.mjs': 'export default (_req, res) => res.end(process.cwd())',
  })
  await using server = await serve('./app.mjs', { cwd: project.path, args: ['--chdir', 'site'] })
  expect((await server.ask('/')).text).toBe(`${project.path}/site`)
})

const typescript = {
  'package.json': '{ "type": "module" }',
  'greeting.ts': `
    export enum Tone { Warm = 'warm', Cold = 'cold' }

    export interface Greeting { readonly tone: Tone; readonly name: string }

    export class Greeter {
      constructor(private readonly tone: Tone) {}
      greet(name: string): Greeting { return { tone: this.tone, name } }
    }`,
  'app.ts': `
    import type { IncomingMessage, ServerResponse } from 'node:http'
    import { type Greeting, Greeter, Tone } from './greeting.js'
    import { twice } from './deeper/twice.ts'

    const greeter = new Greeter(Tone.Warm)

    export default function app(req: IncomingMessage, res: ServerResponse): void {
      const greeting = greeter.greet(req.url as string) satisfies Greeting
      if (greeting.name === '/line') throw new Error('thrown in TypeScript')
      res.end(JSON.stringify({ ...greeting, doubled: twice<number>(21), here: import.meta.url }))
    }`,
  'deeper/twice.ts': 'export const twice = <T extends number>(value: T): number => value * 2',
}

test('a TypeScript app with enums, type imports and other TypeScript files is served as it is', async () => {
  await using project = await createProject(typescript)
  await using server = await serve('./app.ts', { cwd: project.path })
  const { text } = await server.ask('/unicorn')
  expect(JSON.parse(text)).toEqual({
    tone: 'warm',
    name: '/unicorn',
    doubled: 42,
    here: `file://${project.path}/app.ts`,
  })
})

test('an error in a TypeScript app is logged with the place in the file', async () => {
  await using project = await createProject(typescript)
  await using server = await serve('./app.ts', { cwd: project.path })
  expect((await server.ask('/line')).status).toBe(500)
  await server.running.waitForOutput(/thrown in TypeScript/)
  await server.running.waitForOutput(/app\.ts:\d+:\d+/)
})
