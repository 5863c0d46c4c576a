/** What docs/logging.md shows, compared with what the server writes. */
import { spawnSync } from 'node:child_process'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { codeIn, servingUrl, startTunicorn } from '@tunicorn/harness'
import { describe, expect, it } from 'vitest'
import { createProject, type Project, runToEnd } from '../integration/project.js'

const document = await readFile(new URL('../../../../docs/logging.md', import.meta.url), 'utf8')

const blocks = (language: string): readonly string[] => codeIn(document, language).map(code => code.trimEnd())

/** The shape of a line: what differs from run to run is replaced. */
function shapeOf(line: string): string {
  return line
    .replace(/\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d\.\d{3}( [+-]\d{4}|Z)/g, 'TIME')
    .replace(/\[\d\d\/\w{3}\/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}\]/g, '[TIME]')
    .replace(/127\.0\.0\.1:\d+/g, 'ADDRESS')
    .replace(/(pid[:=" ]+|\()\d+/g, '$1PID')
    .replace(/"ms":[\d.]+/g, '"ms":MS')
    .replace(/curl\/[\d.]+/g, 'CURL')
}

const app = `export default (_request, response) => {
  console.log('hello from the app')
  response.end('hello')
}`

const project = (): Promise<Project> =>
  createProject({ 'app.mjs': app, 'package.json': '{ "type": "commonjs" }' })

interface Run {
  readonly output: string
  readonly access: string
}

/** Runs the command of the document, with further arguments, for one request of curl's. */
async function run(args: readonly string[]): Promise<Run> {
  await using directory = await project()
  const command = blocks('sh')[0]?.split(' ').slice(1) ?? []
  await using server = await startTunicorn({
    args: [...command, '-k', 'event-loop', '-b', '127.0.0.1:0', '--control', 'off', ...args],
    cwd: directory.path,
  })
  const url = await servingUrl(server)
  await (await fetch(`${url}/hello?name=x`, { headers: { 'user-agent': 'curl/8.14.1' } })).text()
  await server.stop()
  return { output: server.output, access: await readFile(`${directory.path}/access.log`, 'utf8') }
}

const shapesOf = (text: string): readonly string[] => text.trimEnd().split('\n').map(shapeOf)

describe('docs/logging.md', () => {
  it('shows the lines of the log as text, of captured output, and of the access log', async () => {
    const { output, access } = await run(['--log-format', 'text', '--capture-output'])
    // The second one is of a worker that was killed, which `evidence.test.ts` of the arbiter shows.
    const [log = '', , captured = '', requests = ''] = blocks('text')
    expect(shapesOf(output)).toEqual(expect.arrayContaining([...shapesOf(log), ...shapesOf(captured)]))
    expect(shapesOf(access)).toEqual(shapesOf(requests))
  })

  it('shows the lines of the log and of the access log as JSON', async () => {
    const { output, access } = await run(['--access-logformat', 'json'])
    const [log = '', request = ''] = blocks('jsonl')
    expect(shapesOf(output)).toContain(shapeOf(log))
    expect(shapesOf(access)).toEqual([shapeOf(request)])
  })

  it('lists the atoms that there are, each once', async () => {
    await using directory = await project()
    const { output } = await runToEnd(directory, ['./app.mjs', '--access-logformat', '%(nope)s'])
    const known = /where X is one of (.*), from flag/.exec(output)?.[1]?.split(' ')
    const listed = [...document.matchAll(/^\| `(.+?)` /gm)].map(([, name]) => name)
    expect(listed).toEqual(known)
  })

  it('has a configuration of logrotate whose order of rename, create and signal loses no line', async () => {
    await using directory = await project()
    const { path } = directory
    await using server = await startTunicorn({
      args: [
        './app.mjs',
        '-k',
        'event-loop',
        '-b',
        '127.0.0.1:0',
        '--control',
        'off',
        '--pid',
        'tunicorn.pid',
      ].concat(['--access-logfile', 'access.log', '--access-logformat', '%(U)s', '--log-level', 'debug']),
      cwd: path,
    })
    const url = await servingUrl(server)
    await (await fetch(`${url}/before`)).text()
    await rename(`${path}/access.log`, `${path}/access.log.1`)
    await writeFile(`${path}/access.log`, '', { mode: 0o640 })
    const postrotate = /postrotate\n(.*?)\n\s*endscript/s.exec(blocks('logrotate')[0] ?? '')?.[1] ?? ''
    const script = postrotate.replace('/run/tunicorn.pid', `${path}/tunicorn.pid`)
    expect(spawnSync('/bin/sh', ['-ec', script]).status).toBe(0)
    await server.waitForOutput(/Reopened the access log/)
    await (await fetch(`${url}/after`)).text()
    await server.stop()
    expect(await readFile(`${path}/access.log.1`, 'utf8')).toBe('/before\n')
    expect(await readFile(`${path}/access.log`, 'utf8')).toBe('/after\n')
  })
})
