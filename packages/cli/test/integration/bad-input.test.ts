import { expect, test } from 'vitest'
import { createProject, runToEnd } from './project.js'

interface BadInput {
  readonly what: string
  readonly args: readonly string[]
  readonly files?: Readonly<Record<string, string>>
  readonly env?: Readonly<Record<string, string>>
  readonly code: number
  /** The whole output; `DIRECTORY` stands for the project. */
  readonly output: string
}

const heading = (count: number): string => `tunicorn: ${count} problems with the configuration:\n`

const cases: readonly BadInput[] = [
  {
    what: 'no app',
    args: [],
    code: 1,
    output:
      'tunicorn: No app was given: name it on the command line (tunicorn ./app.js) or as `app` in the config file\n',
  },
  {
    what: 'an app file that is not there',
    args: ['./app.js'],
    code: 4,
    output:
      'tunicorn: The app `./app.js` was not found: there is no file DIRECTORY/app.js. Did you mean `DIRECTORY/app.mjs`?\n',
  },
  {
    what: 'a command of `ctl`',
    args: ['status'],
    code: 4,
    output: 'tunicorn: There is no app and no command `status`. Did you mean `tunicorn ctl status`?\n',
  },
  {
    what: 'a command of `ctl` that came later',
    args: ['events'],
    code: 4,
    output: 'tunicorn: There is no app and no command `events`. Did you mean `tunicorn ctl events`?\n',
  },
  {
    what: 'a command of other process managers',
    args: ['start', './app.mjs'],
    code: 4,
    output:
      'tunicorn: There is no app and no command `start`. A server is started with `tunicorn ./app.mjs`\n',
  },
  {
    what: 'the screen of another process manager',
    args: ['monit'],
    code: 4,
    output: 'tunicorn: There is no app and no command `monit`. Did you mean `tunicorn top`?\n',
  },
  {
    what: 'an unknown flag',
    args: ['./app.mjs', '--worker', '2'],
    code: 1,
    output: 'tunicorn: Unknown flag `--worker`. Did you mean `--workers`?\n',
  },
  {
    what: 'a flag without its value',
    args: ['./app.mjs', '--bind'],
    code: 1,
    output: 'tunicorn: The flag `-b, --bind <ADDRESS>` needs a value\n',
  },
  {
    what: 'a second argument',
    args: ['./app.mjs', './other.mjs'],
    code: 1,
    output: 'tunicorn: Unexpected argument `./other.mjs`: there is one app; settings are given by flags\n',
  },
  {
    what: 'negative workers',
    args: ['./app.mjs', '--workers', '-1'],
    code: 1,
    output:
      'tunicorn: Expected `workers` to be a positive integer or "auto", got `-1` (number), from flag --workers\n',
  },
  {
    what: 'several problems',
    args: ['./app.mjs', '-w', '0', '-b', 'nowhere', '-k', 'thread-pool'],
    code: 1,
    output: `${heading(3)}  Expected \`workers\` to be a positive integer or "auto", got \`0\` (number), from flag --workers
  Expected \`bind\` to be an address (HOST:PORT, :PORT, [v6]:PORT, https://HOST:PORT, h2c://HOST:PORT, unix:PATH or fd://N) or a list of them, got \`"nowhere"\` (string): the port is missing, from flag --bind
  Worker class "thread-pool" is not installed. Run: npm install @tunicorn/worker-thread-pool
`,
  },
  {
    what: 'an unknown key in the config file',
    args: ['./app.mjs'],
    files: { 'tunicorn.config.json': '{ "worker": 2 }' },
    code: 1,
    output: 'tunicorn: Unknown setting `worker`, from tunicorn.config.json. Did you mean `workers`?\n',
  },
  {
    what: 'a config file that is not there',
    args: ['./app.mjs', '-c', 'none.ts'],
    code: 1,
    output: 'tunicorn: The config file `none.ts` was not found: there is no file DIRECTORY/none.ts\n',
  },
  {
    what: 'a config file that throws',
    args: ['./app.mjs', '-c', 'bad.mjs'],
    files: { 'bad.mjs': `throw new Error('no luck')` },
    code: 1,
    output: 'tunicorn: The config file bad.mjs could not be loaded: Error: no luck, at bad.mjs:1\n',
  },
  {
    what: 'a worker class that is not installed',
    args: ['./app.mjs', '-k', 'thread-pool'],
    code: 1,
    output:
      'tunicorn: Worker class "thread-pool" is not installed. Run: npm install @tunicorn/worker-thread-pool\n',
  },
  {
    what: 'a module that is no worker class',
    args: ['./app.mjs', '-k', './app.mjs'],
    code: 1,
    output: 'tunicorn: `./app.mjs` is not a worker class: expected an object, got a function\n',
  },
  {
    what: 'a worker class of contract 2',
    args: ['./app.mjs', '-k', './later.mjs'],
    files: { 'later.mjs': 'export default { contract: 2 }' },
    code: 1,
    output:
      'tunicorn: `./later.mjs` is not a worker class: it implements contract 2, and this arbiter knows contract 1. Upgrade it: npm install tunicorn@latest\n',
  },
  {
    what: 'an app kind that the worker class cannot run',
    args: ['./app.mjs', '--app-kind', 'asgi'],
    code: 4,
    output:
      'tunicorn: Worker class "event-loop": `appKind`: it runs apps of kind node, fetch and not `asgi`, from flag --app-kind\n',
  },
  {
    what: 'a wrong environment variable',
    args: ['./app.mjs'],
    env: { WEB_CONCURRENCY: 'lots' },
    code: 1,
    output:
      'tunicorn: Expected `workers` to be a positive integer or "auto", got `"lots"` (string), from environment variable WEB_CONCURRENCY\n',
  },
  {
    what: 'flags in TUNICORN_CMD_ARGS that only the command line has',
    args: ['./app.mjs'],
    env: { TUNICORN_CMD_ARGS: '--version' },
    code: 1,
    output: 'tunicorn: Unknown flag `--version` in TUNICORN_CMD_ARGS\n',
  },
  {
    what: 'a flag in TUNICORN_CMD_ARGS without its value',
    args: ['./app.mjs'],
    env: { TUNICORN_CMD_ARGS: '-w 2 --bind' },
    code: 1,
    output: 'tunicorn: The flag `-b, --bind <ADDRESS>` in TUNICORN_CMD_ARGS needs a value\n',
  },
  {
    what: 'a quote in TUNICORN_CMD_ARGS that is not closed',
    args: ['./app.mjs'],
    env: { TUNICORN_CMD_ARGS: `--user "it's" --workers '3` },
    code: 1,
    output:
      "tunicorn: A quote in TUNICORN_CMD_ARGS is not closed: one more `'` is missing in `--user \"it's\" --workers '3`. A quote that is meant as a character goes between quotes of the other kind\n",
  },
  {
    what: 'a directory that is not there',
    args: ['./app.mjs', '--chdir', '/nope', '-k', 'event-loop', '-c', 'tunicorn.config.json'],
    code: 1,
    output: 'tunicorn: Expected `chdir` to be a directory, and /nope is none, from flag --chdir\n',
  },
]

for (const { what, args, files, env, code, output } of cases)
  test(`${what} is one clear message and exit code ${code}`, async () => {
    await using project = await createProject(files)
    const ending = await runToEnd(project, args, env)
    expect(ending.output).toBe(output.replaceAll('DIRECTORY', project.path))
    expect(ending.code).toBe(code)
  })

test.each([
  {
    what: 'a wrong setting, by flag',
    args: ['--log-format', 'json', '--workers', 'lots'],
    fields: { code: 'CONFIG_INVALID', msg: expect.stringMatching(/^Expected `workers`/) },
  },
  {
    what: 'a wrong setting, by TUNICORN_CMD_ARGS',
    args: ['--workers', 'lots'],
    env: { TUNICORN_CMD_ARGS: '--log-format json' },
    fields: { code: 'CONFIG_INVALID', msg: expect.stringMatching(/^Expected `workers`/) },
  },
  {
    what: 'an app that does not load, by config file',
    args: [],
    files: {
      'tunicorn.config.json': '{ "logFormat": "json", "workerClass": "event-loop", "bind": "127.0.0.1:0" }',
      'app.mjs': 'throw new Error("no database")',
    },
    fields: { code: 'APP_LOAD_FAILED', msg: expect.stringMatching(/no database/) },
  },
  {
    what: 'an address that this machine does not have, by config file',
    args: ['-b', '192.0.2.1:8000'],
    files: { 'tunicorn.config.json': '{ "logFormat": "json", "workerClass": "event-loop" }' },
    fields: { code: 'BIND_FAILED', msg: expect.stringMatching(/^Cannot bind 192/) },
  },
])(
  'where JSON is asked for, a start that fails writes nothing else: $what',
  async ({ args, env, files, fields }) => {
    await using project = await createProject(files)
    const { code, output } = await runToEnd(project, ['./app.mjs', ...args], env)
    expect(code).not.toBe(0)
    const lines = output.trimEnd().split('\n')
    const records = lines.map((line): unknown => JSON.parse(line))
    expect(records.at(-1)).toMatchObject({ level: 'error', time: expect.any(String), ...fields })
  },
)
