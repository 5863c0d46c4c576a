import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { testNode } from '@tunicorn/harness'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { InstalledProject } from '../support/installed-project.js'
import { runToEnd } from '../support/run.js'

const repository = fileURLToPath(new URL('../../../..', import.meta.url))

const typesOfAUser = `
import { Arbiter, type Config, defineConfig, TunicornError } from 'tunicorn'
import { type ErrorCode, errorCodes } from '@tunicorn/arbiter'
import { defineWorkerClass, type Worker, type WorkerClass } from '@tunicorn/arbiter/worker'
import eventLoop from '@tunicorn/worker-event-loop'

export const config: Config = defineConfig({ app: './app.js', workers: 'auto', timeout: 5 })
export const arbiter = new Arbiter(config)
export const codes: readonly ErrorCode[] = [new TunicornError('BIND_FAILED', '').code]
export const meaning: string = errorCodes.BIND_FAILED
export const worker: Worker = {
  async boot() {},
  async serve() {},
  async drain(deadline: AbortSignal) {},
  async close() {},
}
export const mine: WorkerClass = defineWorkerClass({
  contract: 1,
  name: 'mine',
  capabilities: eventLoop.capabilities,
  create: context => (context.log.info(context.group), worker),
})
// Types that were silently \`any\` would allow these.
// @ts-expect-error
defineConfig({ workers: 'many' })
// @ts-expect-error
export const wrong: WorkerClass = { ...mine, contract: 2 }
`

let project: InstalledProject
/** As they were before the tests installed more. */
let packages: readonly string[]
let bytes: number

beforeAll(async () => {
  project = await InstalledProject.create({ install: ['tunicorn', '@tunicorn/worker-event-loop'] })
  packages = await project.packages()
  bytes = await project.installedBytes()
})

afterAll(() => project[Symbol.asyncDispose]())

test('the command and event-loop are at most 12 packages and 4 MB', () => {
  const megabytes = bytes / 1e6
  console.log(
    `tunicorn + @tunicorn/worker-event-loop: ${packages.length} packages, ${megabytes.toFixed(1)} MB`,
  )
  expect(packages.length, packages.join('\n')).toBeLessThanOrEqual(12)
  expect(megabytes).toBeLessThanOrEqual(4)
})

test('an app in CommonJS and a config in CommonJS are served', async () => {
  await project.write({
    'commonjs/package.json': '{ "type": "commonjs" }',
    'commonjs/tunicorn.config.js': `
      const { defineConfig } = require('tunicorn')
      module.exports = defineConfig({ app: './app.js', workers: 2 })`,
    'commonjs/app.js': `module.exports = (req, res) => res.end('from ' + typeof require)`,
  })
  const { url, running } = await project.serve('--chdir', 'commonjs')
  await using _ = running
  expect(await (await fetch(url)).text()).toBe('from function')
  expect((await running.stop()).code).toBe(0)
})

test('an app and a config in TypeScript are served', async () => {
  await project.write({
    'esm/tunicorn.config.ts': `
      import { type Config, defineConfig } from 'tunicorn'
      export default defineConfig({ app: './app.ts:handler' } satisfies Config)`,
    'esm/app.ts': `
      import type { RequestListener } from 'node:http'
      export const handler: RequestListener = (req, res) => void res.end('from TypeScript')`,
  })
  const { url, running } = await project.serve('--chdir', 'esm')
  await using _ = running
  expect(await (await fetch(url)).text()).toBe('from TypeScript')
})

test('nothing of other classes is installed, and one arbiter', () => {
  for (const name of ['piscina', 'ws']) expect(packages).not.toContain(`node_modules/${name}`)
  expect(packages.filter(path => path.endsWith('@tunicorn/arbiter'))).toHaveLength(1)
})

test('a real Express app is served', async () => {
  await project.install(['express'])
  await project.write({
    'app.js': `
      import express from 'express'
      export default express().get('/hello/:name', (req, res) => res.json({ hello: req.params.name }))`,
  })
  const { url, running } = await project.serve('./app.js', '--workers', '2')
  await using _ = running
  expect(await (await fetch(new URL('/hello/you', url))).json()).toEqual({ hello: 'you' })
  expect((await running.stop()).code).toBe(0)
})

test('a config in CommonJS within a package of ES modules is named', async () => {
  await project.write({ 'own.cjs': `module.exports = require('tunicorn').defineConfig({ workers: 3 })` })
  expect(await project.tunicorn(['-c', 'own.cjs', './commonjs/app.js', '--print-config'])).toMatch(
    /^workers += 3 +\(config file\)$/m,
  )
})

test('`require` and `import` give the same', async () => {
  await project.write({
    'embed.cjs': `
      const { Arbiter, TunicornError } = require('tunicorn')
      const arbiter = require('@tunicorn/arbiter')
      const { defineWorkerClass } = require('@tunicorn/arbiter/worker')
      import('tunicorn').then(module => {
        console.log(module.Arbiter === Arbiter, arbiter.TunicornError === TunicornError, typeof defineWorkerClass)
      })`,
  })
  expect(await runToEnd(testNode(), ['embed.cjs'], { cwd: project.path })).toContain('true true function\n')
})

for (const [module, moduleResolution] of [
  ['nodenext', 'nodenext'],
  ['esnext', 'bundler'],
] as const)
  test(`TypeScript sees the types under moduleResolution ${moduleResolution}`, async () => {
    const compilerOptions = {
      module,
      moduleResolution,
      target: 'es2023',
      lib: ['es2023'],
      strict: true,
      exactOptionalPropertyTypes: true,
      noEmit: true,
      types: ['node'],
      typeRoots: [join(repository, 'node_modules/@types')],
    }
    await project.write({
      'tsconfig.json': JSON.stringify({ compilerOptions, files: ['types.ts'] }),
      'types.ts': typesOfAUser,
    })
    const tsc = join(repository, 'node_modules/typescript/bin/tsc')
    await runToEnd(testNode(), [tsc, '--project', project.path], { cwd: project.path })
  })

test('the installed classes are listed', async () => {
  const classes: unknown = JSON.parse(await project.tunicorn(['classes', '--json']))
  expect(classes).toMatchObject([{ name: 'event-loop', type: 'usable', isDeclared: true, warnings: [] }])
})
