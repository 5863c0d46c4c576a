/** Stacks of apps that are compiled: they show the sources that somebody has written. */
import { mkdir } from 'node:fs/promises'
import { ControlClient } from '@tunicorn/arbiter/control'
import { servingUrl, startTunicorn } from '@tunicorn/harness'
import ts from 'typescript'
import { expect, it } from 'vitest'
import { createProject } from '../integration/project.js'

const source = `
// What is left of the types when this is compiled is nothing, and the lines are others.
interface Span {
  readonly ms: number
}
export const burnForSpan = (span: Span): void => {
  const end = performance.now() + span.ms
  while (performance.now() < end) Math.sqrt(end)
}
`
/** Where it burns, in the source. */
const lines = '[78]'

function compiled(name: string, inlineSourceMap: boolean): { readonly js: string; readonly map: string } {
  const compilerOptions = {
    module: ts.ModuleKind.ESNext,
    target: ts.ScriptTarget.ES2022,
    removeComments: true,
    sourceRoot: '../src/',
    ...(inlineSourceMap ? { inlineSourceMap } : { sourceMap: true }),
  }
  const { outputText, sourceMapText = '' } = ts.transpileModule(source, {
    compilerOptions,
    fileName: `${name}.ts`,
  })
  return { js: outputText, map: sourceMapText }
}

const app = `
const names = ['external', 'inline', 'broken']
const [external, inline, broken] = await Promise.all(names.map(name => import('./dist/' + name + '.js')))
const modules = { external, inline, broken }
export default (request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://app')
  const { burnForSpan } = modules[pathname.slice(1)]
  setImmediate(() => {
    burnForSpan({ ms: Number(searchParams.get('ms')) })
    response.end()
  })
}
`

it('a blocked worker is shown by the lines of its sources, and by those that run where the source map is wrong', async () => {
  const external = compiled('external', false)
  await using project = await createProject({
    'app.mjs': app,
    'package.json': '{ "type": "module" }',
    'dist/external.js': external.js,
    'dist/external.js.map': external.map,
    'dist/inline.js': compiled('inline', true).js,
    'dist/broken.js': compiled('broken', false).js,
    'dist/broken.js.map': '{ "version": 3, "sources": [',
  })
  const places = { XDG_RUNTIME_DIR: `${project.path}/run` }
  await mkdir(places.XDG_RUNTIME_DIR)
  const quick = ['--canary-seconds', '0', '--log-level', 'debug', '-t', '3']
  const args = ['app.mjs', '-k', 'event-loop', '-b', '127.0.0.1:0', ...quick]
  await using server = await startTunicorn({ args, cwd: project.path, env: places })
  await server.waitForOutput(/Control socket at/)
  const url = await servingUrl(server)
  const client = new ControlClient(`${places.XDG_RUNTIME_DIR}/tunicorn/${server.pid}.sock`)
  const stackIn = async (target: string): Promise<string> => {
    const answer = fetch(`${url}${target}?ms=1500`)
    let stack = ''
    await expect
      .poll(async () => {
        stack = (await client.stack({ worker: 1 })).stack
        return stack
      })
      .toContain('burnForSpan')
    await answer
    // What it calls may be on top.
    return stack
  }
  expect(await stackIn('/external')).toMatch(
    new RegExp(`^at burnForSpan \\(${project.path}/src/external\\.ts:${lines}:\\d+\\)`, 'm'),
  )
  expect(await stackIn('/inline')).toMatch(
    new RegExp(`^at burnForSpan \\(${project.path}/src/inline\\.ts:${lines}:\\d+\\)`, 'm'),
  )
  expect(await stackIn('/broken')).toMatch(
    new RegExp(`^at burnForSpan \\(${project.path}/dist/broken\\.js:\\d+:\\d+\\)`, 'm'),
  )
  const cut = fetch(`${url}/external?ms=60000`).catch(() => {})
  await server.waitForOutput(/Killing worker/)
  await cut
  for (const message of ['The event loop is blocked', 'WORKER TIMEOUT'])
    expect(server.output.split('\n').find(line => line.includes(message))).toMatch(
      new RegExp(`burnForSpan \\([^)]*/src/external\\.ts:${lines}:`),
    )
}, 60_000)
