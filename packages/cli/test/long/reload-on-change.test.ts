import { mkdir, readdir, readlink, rename, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { connectionTo, type RunningProcess, rawExchange, servingUrl, startTunicorn } from '@tunicorn/harness'
import { describe, expect, it } from 'vitest'
import { createProject, type Project } from '../integration/project.js'

const loaded = "console.log('loaded');"
const appSaying = (text: string): string => `${loaded} export default (req, res) => res.end('${text}')\n`

interface Development extends AsyncDisposable {
  readonly project: Project
  readonly server: RunningProcess
  readonly url: string
  write(file: string, content: string): Promise<void>
  /** The answer of the app. */
  ask(): Promise<string>
  /** Resolves once the app gives this answer: workers that are replaced may still take a connection. */
  answers(text: string): Promise<void>
  /** Resolves when there were so many reloads, failed ones counted. */
  reloads(count: number): Promise<void>
}

async function develop(
  files: Readonly<Record<string, string>>,
  args: readonly string[] = ['./app.mjs'],
): Promise<Development> {
  const project = await createProject(files)
  const server = await startTunicorn({
    args: ['--reload', '-w', '2', '-b', '127.0.0.1:0', ...args],
    cwd: project.path,
  })
  const url = await servingUrl(server)
  // Both workers have read the code that is there now.
  await server.waitForOutput(/(^loaded$[\s\S]*){2}/m)
  const ask = async (): Promise<string> => {
    const request = 'GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n'
    const answer = await rawExchange(connectionTo(url), request)
    return answer.toString().split('\r\n\r\n')[1] ?? ''
  }
  return {
    project,
    server,
    url,
    async write(file, content) {
      await mkdir(dirname(join(project.path, file)), { recursive: true })
      await writeFile(join(project.path, file), content)
    },
    ask,
    async answers(text) {
      while ((await ask()) !== text);
    },
    async reloads(count) {
      await server.waitForOutput(new RegExp(`("msg":"Reload (done|failed)[\\s\\S]*){${count}}`))
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]()
      await project[Symbol.asyncDispose]()
    },
  }
}

/** What the command says has changed, one entry for each reload. */
function changes({ server }: Development): readonly string[] {
  return [...server.output.matchAll(/^tunicorn: changed: (.*)$/gm)].map(match => match[1] ?? '')
}

describe('--reload', () => {
  it('serves what was saved, in the app and in what it imports', async () => {
    await using app = await develop({
      'app.mjs': `import { text } from './lib/text.mjs'\n${appSaying("' + text + '")}`,
      'lib/text.mjs': "export const text = 'one'",
    })
    expect(await app.ask()).toBe('one')
    await app.write('lib/text.mjs', "export const text = 'two'")
    await app.reloads(1)
    await app.answers('two')
    await app.write('app.mjs', appSaying('three'))
    await app.reloads(2)
    await app.answers('three')
    expect(changes(app)).toEqual(['lib/text.mjs', 'app.mjs'])
    expect((await app.server.stop('SIGINT')).code).toBe(0)
  })

  it('takes files that are saved together as one change', async () => {
    await using app = await develop({ 'app.mjs': appSaying('one') })
    const names = ['a.mjs', 'b.ts', 'c/d.json']
    await Promise.all(names.map(name => app.write(name, '{}')))
    await app.write('app.mjs', appSaying('two'))
    await app.reloads(1)
    await app.answers('two')
    expect(changes(app).join(', ').split(', ').toSorted()).toEqual(['a.mjs', 'app.mjs', 'b.ts', 'c/d.json'])
    expect(changes(app)).toHaveLength(1)
    await app.server.stop('SIGINT')
  })

  it('does not look at dependencies, dot folders, logs, data, and what it is told to ignore', async () => {
    await using app = await develop(
      { 'app.mjs': appSaying('one'), '.cache/x.js': '', 'app.log': '', 'data/old.json': '{}' },
      ['--reload-ignore', 'data', '--reload-ignore', 'lib/made.js', './app.mjs'],
    )
    for (const noise of [
      'data/old.json',
      'data/deep/new.json',
      'lib/made.js',
      'app.log',
      'new.log',
      'db.sqlite',
      '.cache/x.js',
      '.git/index.js',
      '.env',
      'app.mjs~',
    ])
      await app.write(noise, 'noise')
    await app.write('node_modules/dependency/index.js', 'noise')
    await app.write('app.mjs', appSaying('two'))
    await app.reloads(1)
    await app.answers('two')
    expect(changes(app)).toEqual(['app.mjs'])
    await app.server.stop('SIGINT')
  })

  it('watches extra files, whatever their name, and the config file', async () => {
    const config = (name: string): string =>
      JSON.stringify({ app: './src/app.mjs', reloadExtraFiles: ['.env'], env: { NAME: name } })
    await using app = await develop(
      {
        'src/app.mjs': `${loaded} import { readFileSync } from 'node:fs'
          const env = readFileSync('.env', 'utf8')
          export default (req, res) => res.end(env + process.env.NAME)`,
        '.env': 'A',
        'tunicorn.config.json': config('first'),
      },
      ['--reload-extra-file', '.env'],
    )
    expect(await app.ask()).toBe('Afirst')
    await app.write('.env', 'B')
    await app.reloads(1)
    await app.answers('Bfirst')
    await app.write('tunicorn.config.json', config('second'))
    await app.reloads(2)
    await app.answers('Bsecond')
    await app.server.stop('SIGINT')
  })

  it.each([
    ['an ES module', 'app.mjs', appSaying('x'), 'export default\n\n  (req, res => {', /app\.mjs:3/],
    [
      'a CommonJS module',
      'app.cjs',
      `${loaded} module.exports = (req, res) => res.end('x')`,
      'const a = 1\nconst a = 2',
      /app\.cjs:2/,
    ],
    ['TypeScript', 'app.ts', appSaying('x'), 'const a: number = 1\n\nconst b = = 2', /app\.ts:3/],
    [
      'code that throws',
      'app.mjs',
      appSaying('x'),
      "\nthrow new Error('broken')",
      /Error: broken\s+at .*app\.mjs:2:7/,
    ],
  ])(
    'keeps the last good code serving when %s is broken, says where once, and recovers',
    async (_what, file, good, bad, place) => {
      await using app = await develop({ [file]: good }, [`./${file}`])
      expect(await app.ask()).toBe('x')
      await app.write(file, bad)
      await app.reloads(1)
      expect(await app.ask()).toBe('x')
      const log = app.server.output.replaceAll('\\n', '\n')
      expect(log).toMatch(place)
      expect(log.match(/Worker failed to boot/g)).toHaveLength(1)
      expect(log.match(/Reload failed/g)?.length).toBeGreaterThan(0)
      await app.write(file, good.replace("'x'", "'y'"))
      await app.reloads(2)
      await app.answers('y')
      expect((await app.server.stop('SIGINT')).code).toBe(0)
    },
  )

  it('sees a link that comes to lead elsewhere, as Kubernetes changes a ConfigMap, and says that a pattern is none', async () => {
    await using project = await createProject({
      'app.mjs': appSaying('same'),
      'cm/..1/token': 'one',
      'cm/..2/token': 'two',
      'cm/..3/token': 'three',
    })
    const cm = `${project.path}/cm`
    const lead = async (version: number): Promise<void> => {
      await symlink(`..${version}`, `${cm}/..next`)
      await rename(`${cm}/..next`, `${cm}/..data`)
    }
    await lead(1)
    await symlink('..data/token', `${cm}/token`)
    const extra = ['cm/token', 'views/*.html'].flatMap(path => ['--reload-extra-file', path])
    await using server = await startTunicorn({
      args: ['./app.mjs', '--reload', '-b', '127.0.0.1:0', ...extra],
      cwd: project.path,
    })
    await server.waitForOutput(/there is no .*views\/\*\.html to watch: patterns are not understood/)
    await servingUrl(server)
    for (const version of [2, 3]) {
      await lead(version)
      await server.waitForTimes('Reload done', version - 1)
    }
    expect(server.output).toContain('changed: cm/token')
  })

  it('says where an error is in a module that the app imports', async () => {
    await using app = await develop({
      'app.mjs': `import './lib/a.mjs'\nimport 'node:fs'\n${appSaying('x')}`,
      'lib/a.mjs': "export * from './b.mjs'",
      'lib/b.mjs': 'export const b = 1',
    })
    await app.write('lib/b.mjs', 'export const b = 1\nexport const c = = 2')
    await app.reloads(1)
    expect(app.server.output.replaceAll('\\n', '\n')).toMatch(/lib\/b\.mjs:2\nexport const c = = 2\n +\^/)
    expect(await app.ask()).toBe('x')
    await app.server.stop('SIGINT')
  })

  it.each([
    ['while it serves', /Listening at/],
    ['when a change was seen', /^tunicorn: changed/m],
    ['while it reloads', /Reloading/],
    ['while the new code boots', /Reloading[\s\S]*Booting worker/],
    ['while workers are replaced', /The new generation is ready/],
    ['after the new code failed', /Reload failed/],
  ])('ends cleanly on Ctrl-C %s', async (_when, moment) => {
    await using app = await develop({ 'app.mjs': appSaying('one') })
    const isFailure = moment.source.includes('failed')
    await app.write('app.mjs', isFailure ? 'export default (' : appSaying('two'))
    await app.server.waitForOutput(moment)
    expect(await app.server.stop('SIGINT')).toEqual({ code: 0, signal: null })
  })
})

/** The kernel's watches are anonymous files of the process. */
async function watches(pid: number): Promise<number> {
  const names = await readdir(`/proc/${pid}/fd`)
  const targets = await Promise.all(names.map(name => readlink(`/proc/${pid}/fd/${name}`).catch(() => '')))
  return targets.filter(target => target.includes('inotify')).length
}

if (process.platform === 'linux')
  it('watches nothing without --reload', async () => {
    await using project = await createProject({ 'app.mjs': appSaying('one') })
    const args = ['-b', '127.0.0.1:0', './app.mjs']
    await using plain = await startTunicorn({ args, cwd: project.path })
    await servingUrl(plain)
    await using watching = await startTunicorn({ args: ['--reload', ...args], cwd: project.path })
    await servingUrl(watching)
    expect(await watches(watching.pid)).toBe(1)
    expect(await watches(plain.pid)).toBe(0)
    await plain.stop()
    await watching.stop()
  })
