import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { createProject, runToEnd } from './project.js'

test('--help prints every section in 80 columns and exits with 0', async () => {
  await using project = await createProject()
  const { code, output } = await runToEnd(project, ['--help', '--workers', '-1'])
  expect(code).toBe(0)
  expect(output).toMatch(/^Usage: tunicorn \[options\] <app>\n/)
  const headings = output.match(/^[A-Z][a-z ]+:$/gm)
  expect(headings).toEqual([
    'Arguments:',
    'Configuration:',
    'App and workers:',
    'Scaling:',
    'Sockets:',
    'Timeouts:',
    'Connections:',
    'Request limits:',
    'Recycling:',
    'Reload:',
    'Process:',
    'Logging:',
    'Control:',
    'Development:',
    'Help:',
  ])
  expect(Math.max(...output.split('\n').map(line => line.length))).toBeLessThanOrEqual(80)
  expect(output).toContain('-k, --worker-class <CLASS>')
  expect(output.replaceAll(/\s+/g, ' ')).toContain('(default: $WEB_CONCURRENCY or 1)')
})

test('--version prints the version of the package and exits with 0', async () => {
  await using project = await createProject()
  const manifest: unknown = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'))
  const { code, output } = await runToEnd(project, ['-v'])
  expect(code).toBe(0)
  expect(output).toMatch(/^tunicorn \S+ \(Node\.js v\d+\.\d+\.\d+\)\n$/)
  expect(manifest).toMatchObject({ version: output.split(' ')[1] })
})

test('--print-config shows every value and its source and starts nothing', async () => {
  await using project = await createProject({
    'tunicorn.config.json': JSON.stringify({ app: './app.mjs', timeout: 5, umask: 0o27 }),
  })
  const { code, output } = await runToEnd(project, ['--print-config', '-w', '2'], {
    TUNICORN_CMD_ARGS: "--name 'my app'",
    PORT: '0',
  })
  expect(code).toBe(0)
  const lines = output.split('\n').map(line => line.replaceAll(/ +/g, ' '))
  expect(lines).toContain(`config file: ${project.path}/tunicorn.config.json`)
  expect(lines).toContain('workers = 2 (flag)')
  expect(lines).toContain('procName = "my app" (TUNICORN_CMD_ARGS)')
  expect(lines).toContain('timeout = 5 (config file)')
  expect(lines).toContain('umask = 0o027 (config file)')
  expect(lines).toContain('bind = ["0.0.0.0:0"] (environment)')
  expect(lines).toContain('workerClass = "event-loop" (default)')
  expect(lines).toContain('keepAlive = 65 (default)')
  expect(output).not.toContain('Listening at')
})

test('--print-config shows each group', async () => {
  await using project = await createProject({
    'tunicorn.config.mjs': `export default async () => ({
      app: './app.mjs',
      groups: { web: { bind: ':0', workers: 2 }, api: { bind: ':0' } },
    })`,
  })
  const { code, output } = await runToEnd(project, ['--print-config'])
  expect(code).toBe(0)
  expect(output.match(/^\[.*\]$/gm)).toEqual(['[arbiter]', '[group web]', '[group api]'])
  expect(output.match(/^workers += \d/gm)?.map(line => line.at(-1))).toEqual(['2', '1'])
})

test('a config file in TypeScript imports defineConfig from tunicorn', async () => {
  await using project = await createProject({
    'tunicorn.config.ts': `
      import { type Config, defineConfig } from 'tunicorn'
      const workers: number = 3
      export default defineConfig({ app: './app.mjs', workers } satisfies Config)`,
  })
  const { code, output } = await runToEnd(project, ['--print-config'])
  expect(output).toMatch(/^workers += 3 +\(config file\)$/m)
  expect(code).toBe(0)
})

test('the config file named by a flag is used instead of the one that lies there', async () => {
  await using project = await createProject({
    'tunicorn.config.json': '{ "workers": 2 }',
    'conf/prod.json': '{ "app": "./app.mjs", "workers": 3 }',
  })
  const { output } = await runToEnd(project, ['-c', 'conf/prod.json', '--print-config'])
  expect(output).toMatch(/^workers += 3 /m)
})
