/** What the README tells a user to do, done. */
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  codeIn,
  type RunningProcess,
  servingUrl,
  startProcess,
  survivors,
  testNode,
  tunicornMain,
  waitForWorkers,
} from '@tunicorn/harness'
import { describe, expect, test } from 'vitest'
import { whenServing } from '../e2e/support/served.js'
import { createProject, type Project } from '../integration/project.js'

const folder = fileURLToPath(new URL('../..', import.meta.url))

const readme = await readFile(join(folder, 'README.md'), 'utf8')

/** The lines of the quick start. */
const quickStart: readonly string[] = (codeIn(readme, 'sh')[0] ?? '').trim().split('\n')

const app = `export default (req, res) => res.end('hello')`

/** A project as `npm install` of the quick start leaves it, with its app. */
async function installed(files: Readonly<Record<string, string>> = {}): Promise<Project> {
  const project = await createProject({
    'package.json':
      '{ "type": "commonjs", "dependencies": { "tunicorn": "*", "@tunicorn/worker-event-loop": "*" } }',
    'app.mjs': app,
    ...files,
  })
  await mkdir(`${project.path}/node_modules/.bin`)
  const { bin }: { readonly bin: { readonly tunicorn: string } } = JSON.parse(
    await readFile(join(folder, 'package.json'), 'utf8'),
  )
  await symlink(join(folder, bin.tunicorn), `${project.path}/node_modules/.bin/tunicorn`)
  return project
}

/** Without the commands of this repository, which `npm` and `npx` put in front for those who run its tests. */
const pathOfUser: string = (process.env.PATH ?? '')
  .split(delimiter)
  .filter(entry => !entry.endsWith('/node_modules/.bin'))
  .join(delimiter)

/** Runs a line of the README as a shell does, at a free port instead of port 8000, and without the network. */
function runLine(project: Project, line: string): Promise<RunningProcess> {
  const [command = '', ...args] = line.replace(':8000', ':0').split(' ')
  expect(command).toBe('npx')
  return startProcess('npx', ['--no', '--', ...args], {
    cwd: project.path,
    env: { npm_config_offline: 'true', PATH: pathOfUser },
  })
}

describe('the quick start', () => {
  test('installs what the project of these tests has', () => {
    expect(quickStart[0]).toBe('npm install tunicorn @tunicorn/worker-event-loop')
    expect(quickStart).toHaveLength(2)
  })

  test('serves the app with two workers, and Ctrl-C ends it', async () => {
    await using project = await installed()
    await using running = await runLine(project, quickStart[1] ?? '')
    const { port } = new URL(await servingUrl(running))
    const response = await fetch(`http://127.0.0.1:${port}/`)
    expect(await response.text()).toBe('hello')
    expect(await waitForWorkers(running, 2)).toHaveLength(2)
    // What a terminal does: npx and the arbiter get the signal. How npx itself ends is its own affair.
    process.kill(-running.pid, 'SIGINT')
    await running.waitForOutput(/Handling signal: int[\s\S]*Shutting down: Master/)
    await running.closed
    expect(running.output.match(/Worker exiting .*it exited with code 0/g)).toHaveLength(2)
    expect(await survivors(running)).toEqual([])
  })

  test('has forms of an app that all are served', async () => {
    await using project = await installed({
      'handler.mjs': `export function handler(req, res) { res.end('hello from a handler') }`,
      'server.mjs': `import { createServer } from 'node:http'
        export const app = createServer((req, res) => res.end('hello from a server'))`,
      'fetch.mjs': `export default { fetch: request => new Response('hello from fetch') }`,
    })
    const forms = [
      ['./handler.mjs:handler', 'hello from a handler'],
      ['./server.mjs', 'hello from a server'],
      ['./fetch.mjs', 'hello from fetch'],
    ] as const
    for (const [specifier, answer] of forms) {
      const line = quickStart[1]?.replace('./app.mjs', specifier).replace('0.0.0.0', '127.0.0.1') ?? ''
      await using server = await whenServing(await runLine(project, line))
      expect((await server.ask('/')).text).toBe(answer)
    }
  })
})

test('each config file of the README serves', async () => {
  const files = codeIn(readme, 'ts')
  expect(files).toHaveLength(2)
  for (const file of files) {
    await using project = await installed({ 'web.mjs': app, 'api.mjs': app })
    const movable = file.replaceAll(/:80\d\d'/g, ":0'").replace('/tmp/', `${project.path}/`)
    await writeFile(`${project.path}/tunicorn.config.ts`, movable)
    await using server = await whenServing(
      await startProcess(testNode(), [tunicornMain], {
        cwd: project.path,
        env: { WEB_CONCURRENCY: undefined },
      }),
    )
    const { port } = new URL(server.url)
    expect(await (await fetch(`http://127.0.0.1:${port}`)).text()).toBe('hello')
  }
})
