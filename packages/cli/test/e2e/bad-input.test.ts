/** What cannot work ends at once: the documented exit code, one clear message, nothing left behind. */
import { readdir } from 'node:fs/promises'
import { startTunicorn } from '@tunicorn/harness'
import { describe, expect, test } from 'vitest'
import { createProject, type Project } from '../integration/project.js'
import { expectOneMessage } from './support/expect-one-message.js'
import { freePort, isFree } from './support/ports.js'
import { usual } from './support/served.js'

interface BadInput {
  readonly what: string
  readonly app?: string
  /** Come after the usual ones. */
  readonly args?: readonly string[]
  readonly files?: Readonly<Record<string, string>>
  readonly code: number
  /** The message, after `tunicorn: `. */
  readonly message: RegExp
}

const badApps: readonly BadInput[] = [
  {
    what: 'an app file that is not there',
    app: './nowhere.js',
    code: 4,
    message: /The app `\.\/nowhere\.js` was not found: there is no file \/.+\/nowhere\.js/,
  },
  {
    what: 'an app that throws when it is imported, with timers left behind',
    app: './throws.mjs',
    files: { 'throws.mjs': `setInterval(() => {}, 1_000)\nthrow new Error('no database')` },
    code: 4,
    message: /The app `\.\/throws\.mjs` could not be loaded: Error: no database/,
  },
  {
    what: 'an app whose top-level await rejects',
    app: './rejects.mjs',
    files: { 'rejects.mjs': `await Promise.reject(new Error('no database'))\nexport default () => {}` },
    code: 4,
    message: /The app `\.\/rejects\.mjs` could not be loaded: Error: no database/,
  },
  {
    what: 'an app that imports a package that is not installed',
    app: './imports.mjs',
    files: { 'imports.mjs': `import 'nothing-there'\nexport default () => {}` },
    code: 4,
    message: /could not be loaded: .*Cannot find package 'nothing-there'/,
  },
  {
    what: 'a CommonJS app that throws when it is required',
    app: './throws.cjs',
    files: { 'throws.cjs': `require('./nothing-there.cjs')` },
    code: 4,
    message: /The app `\.\/throws\.cjs` could not be loaded: .*Cannot find module '\.\/nothing-there\.cjs'/,
  },
  {
    what: 'an export that is not an app',
    app: './number.mjs',
    files: { 'number.mjs': 'export default 42' },
    code: 4,
    message:
      /The export of `\.\/number\.mjs` is not an app: it is `\d+` \(number\)\. An app is a `\(req, res\)` function/,
  },
  {
    what: 'an export that is not there',
    app: './app.mjs:other',
    code: 4,
    message: /The app module `\.\/app\.mjs:other` exports no `other`: it exports default/,
  },
  {
    what: 'a server that listens already',
    app: './listens.mjs',
    files: {
      'listens.mjs': `import { createServer } from 'node:http'\nexport default createServer().listen(0)`,
    },
    code: 4,
    message:
      /is not an app: it is a server that is already listening; export it without calling `listen\(\)`/,
  },
  {
    what: 'a server that is about to listen on a host',
    app: './listens.mjs',
    files: {
      'listens.mjs': `import { createServer } from 'node:http'\nexport default createServer().listen(0, '127.0.0.1')`,
    },
    code: 4,
    message:
      /is not an app: it is a server that is already listening; export it without calling `listen\(\)`/,
  },
  {
    what: 'an app that ends its process while it loads',
    app: './exits.mjs',
    files: { 'exits.mjs': 'process.exit(9)' },
    code: 3,
    message: /exited with code 9 before it was ready/,
  },
  {
    what: 'an app that never finishes loading',
    app: './hangs.mjs',
    args: ['--boot-timeout', '1'],
    files: { 'hangs.mjs': `setInterval(() => {}, 1_000)\nawait new Promise(() => {})` },
    code: 3,
    message: /boot timeout of 1(\.0)? s/,
  },
]

const badSettings: readonly BadInput[] = [
  {
    what: 'an unknown flag',
    args: ['--wokers', '2'],
    code: 1,
    message: /Unknown flag `--wokers`\. Did you mean `--workers`\?/,
  },
  {
    what: 'an unknown key in the config file',
    files: { 'tunicorn.config.mjs': 'export default { gracefulTimeOut: 3 }' },
    code: 1,
    message:
      /Unknown setting `gracefulTimeOut`, from tunicorn\.config\.mjs\. Did you mean `gracefulTimeout`\?/,
  },
  {
    what: 'a negative number of workers',
    args: ['--workers', '-2'],
    code: 1,
    message:
      /Expected `workers` to be a positive integer or "auto", got `-2` \(number\), from flag --workers/,
  },
  {
    what: 'a bad address',
    args: ['--bind', '127.0.0.1:70000'],
    code: 1,
    message: /Expected `bind` to be an address .* got `"127\.0\.0\.1:70000"` .*0 to 65535/,
  },
  {
    what: 'a worker class that is not installed',
    args: ['-k', 'thread-pool'],
    code: 1,
    message: /Worker class "thread-pool" is not installed\. Run: npm install @tunicorn\/worker-thread-pool/,
  },
  {
    what: 'a module that is no worker class',
    args: ['-k', './class.mjs'],
    files: { 'class.mjs': `export default { contract: 1, name: 'Odd Name' }` },
    code: 1,
    message: /`\.\/class\.mjs` is not a worker class: .*name/,
  },
  {
    what: 'a worker class of contract 2',
    args: ['-k', './class.mjs'],
    files: { 'class.mjs': `export default { contract: 2, name: 'later' }` },
    code: 1,
    message:
      /implements contract 2, and this arbiter knows contract 1\. Upgrade it: npm install tunicorn@latest/,
  },
]

const badPlaces: readonly BadInput[] = [
  {
    what: 'an address of another machine',
    args: ['--bind', '192.0.2.1:8000'],
    code: 1,
    message: /Cannot bind 192\.0\.2\.1:8000: this machine has no such address/,
  },
  {
    what: 'a host that no name server knows',
    args: ['--bind', 'nowhere.invalid:8000'],
    code: 1,
    message: /Cannot bind nowhere\.invalid:8000: the host name could not be resolved/,
  },
  {
    what: 'a Unix socket in a folder that does not exist',
    args: ['--bind', 'unix:none/app.sock'],
    code: 1,
    message: /Cannot bind unix:.*none\/app\.sock: the folder \S*none does not exist\. Create it/,
  },
  {
    what: 'a Unix socket in the place of a file',
    args: ['--bind', 'unix:app.mjs'],
    code: 1,
    message: /Cannot bind unix:.*app\.mjs: the path exists and is not a socket/,
  },
  {
    what: 'a descriptor that is not open',
    args: ['--bind', 'fd://99'],
    code: 1,
    message: /Cannot use fd:\/\/99: it is not an open socket/,
  },
  {
    what: 'a pidfile in a folder that does not exist',
    args: ['--pid', 'none/tunicorn.pid'],
    code: 1,
    message: /The pidfile \S*none\/tunicorn\.pid could not be written: its folder does not exist\. Create it/,
  },
]

describe.each([
  ['an app', badApps],
  ['a setting', badSettings],
  ['a place', badPlaces],
])('%s that cannot work', (_kind, inputs) => {
  test.each(named(inputs))('%s ends the command with the documented code', async (_what, input) => {
    const { app = './app.mjs', args = [], files = {}, code, message } = input
    await using project = await createProject(files)
    const before = await contents(project)
    const port = await freePort()
    // Another address comes beside the usual one, so that something had to be given back.
    await using running = await startTunicorn({
      cwd: project.path,
      args: [app, ...usual, '-b', `127.0.0.1:${port}`, ...args],
    })
    await expectOneMessage(running, code, message)
    expect(await contents(project)).toEqual(before)
    expect(await isFree(port)).toBe(true)
  })
})

function named(inputs: readonly BadInput[]) {
  return inputs.map(input => [input.what, input] as const)
}

async function contents(project: Project): Promise<readonly string[]> {
  return (await readdir(project.path)).sort()
}
