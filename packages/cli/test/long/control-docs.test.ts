/** What docs/control-api.md tells a user to do, done; and what it shows, compared with the truth. */
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { delimiter } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ControlClient, type ControlEvent } from '@tunicorn/arbiter/control'
import {
  codeIn,
  type RunningProcess,
  servingUrl,
  startProcess,
  startTunicorn,
  testNode,
} from '@tunicorn/harness'
import { describe, expect, it } from 'vitest'
import { createProject, type Ending, type Project } from '../integration/project.js'

const read = (path: string): Promise<string> => readFile(new URL(path, import.meta.url), 'utf8')
const document = await read('../../../../docs/control-api.md')
const readme = await read('../../README.md')

const app = `export default (request, response) => {
  if (request.url === '/slow') return void setTimeout(() => response.end(), 20_000)
  response.end('hello')
}`

interface Rig extends AsyncDisposable {
  readonly project: Project
  readonly server: RunningProcess
  readonly client: ControlClient
  run(program: string, args: readonly string[]): Promise<Ending>
}

/** A project with a server that is the only one to be found, where the shell knows the command `tunicorn`. */
async function rig(): Promise<Rig> {
  const project = await createProject({ 'app.mjs': app, 'package.json': '{ "type": "commonjs" }' })
  const runtime = `${project.path}/run`
  const env = { XDG_RUNTIME_DIR: runtime, TMPDIR: `${project.path}/tmp` }
  await Promise.all([mkdir(runtime), mkdir(env.TMPDIR), mkdir(`${project.path}/bin`)])
  await symlink(
    fileURLToPath(new URL('../../bin/tunicorn.js', import.meta.url)),
    `${project.path}/bin/tunicorn`,
  )
  const args = [
    'app.mjs',
    '-k',
    'event-loop',
    '-b',
    '127.0.0.1:0',
    '--log-level',
    'debug',
    '--canary-seconds',
    '0',
  ]
  const server = await startTunicorn({ args, cwd: project.path, env })
  await server.waitForOutput(/Control socket at/)
  await servingUrl(server)
  const socket = `${runtime}/tunicorn/${server.pid}.sock`
  return {
    project,
    server,
    client: new ControlClient(socket),
    async run(program, given) {
      const PATH = `${project.path}/bin${delimiter}${process.env.PATH}`
      await using running = await startProcess(program, given, {
        cwd: project.path,
        env: { ...env, PATH, SOCKET: socket },
      })
      const { code } = await running.exited
      return { code, output: running.output }
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]()
      await project[Symbol.asyncDispose]()
    },
  }
}

/** Every path to a value: `groups[].name`. */
function pathsOf(value: unknown, path = ''): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(item => pathsOf(item, `${path}[]`))
  if (typeof value !== 'object' || value === null) return [path]
  return Object.entries(value).flatMap(([key, member]) => pathsOf(member, `${path}.${key}`))
}

it('the README has commands for a running server that work', async () => {
  await using it = await rig()
  const lines = codeIn(readme, 'sh').find(block => block.startsWith('tunicorn ctl')) ?? ''
  const { code, output } = await it.run('/bin/sh', ['-ec', lines])
  expect(output).toMatch(
    /^tunicorn [\s\S]*^Reload done[\s\S]*^default: 2 workers[\s\S]*^The server has stopped/m,
  )
  expect(code).toBe(0)
})

describe('docs/control-api.md', () => {
  it('has commands that work, in this order', async () => {
    await using it = await rig()
    const [commands = '', requests = ''] = codeIn(document, 'sh')
    const lines = commands.trim().split('\n')
    expect(lines.length).toBeGreaterThan(5)
    const stop = lines.pop() ?? ''
    for (const line of [...lines, ...requests.trim().split('\n')]) {
      const { code, output } = await it.run('/bin/sh', ['-c', line])
      expect(code, `${line}\n${output}`).toBe(0)
      if (line.startsWith('curl')) expect(JSON.parse(output), line).not.toHaveProperty('error')
    }
    expect((await it.run('/bin/sh', ['-c', stop])).code).toBe(0)
    await it.server.exited
    expect(await readdir(`${it.project.path}/run/tunicorn`)).toEqual([])
  })

  it('has a program that works', async () => {
    await using it = await rig()
    const [program = ''] = codeIn(document, 'js')
    await writeFile(`${it.project.path}/program.mjs`, program)
    const { code, output } = await it.run(testNode(), ['program.mjs'])
    expect(output).toContain("[ 'default: 1 workers' ]")
    expect(output).toMatch(/^worker \d+ exited with code 0/m)
    expect(code).toBe(0)
  })

  it('shows the status with every member, and no other', async () => {
    await using it = await rig()
    await it.client.reload({ wait: true })
    void fetch(`${await servingUrl(it.server)}/slow`).catch(() => {})
    const isFull = async (): Promise<boolean> => {
      const [group] = (await it.client.status()).groups
      return group?.workers.length === 1 && group.workers[0]?.inFlight === 1 && group.exits.length > 0
    }
    await expect.poll(isFull).toBe(true)
    const { output } = await it.run('/bin/sh', ['-c', 'tunicorn ctl status --json'])
    const [example = ''] = codeIn(document, 'json')
    expect(new Set(pathsOf(JSON.parse(example)))).toEqual(new Set(pathsOf(JSON.parse(output))))
  })

  it('shows every event as the client takes it', async () => {
    await using project = await createProject()
    const [text = ''] = codeIn(document, 'text')
    const path = `${project.path}/events.sock`
    const server = createServer(socket =>
      socket.resume().end(`HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n${text}\n`),
    )
    await new Promise<void>(resolve => server.listen(path, resolve))
    const seen: ControlEvent[] = []
    for await (const event of new ControlClient(path).events()) seen.push(event)
    await new Promise(resolve => server.close(resolve))
    const names = [...text.matchAll(/^event: (.*)$/gm)].map(([, name]) => name)
    expect(seen.map(({ type }) => type)).toEqual(names)
    expect(new Set([...names, 'status']).size).toBe(8)
  })
})
