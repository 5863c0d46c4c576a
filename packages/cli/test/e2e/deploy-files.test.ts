/** What can be told of the files in `deploy/` without the platform that reads them. */
import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { temporaryDirectory, testNode, tunicornMain } from '@tunicorn/harness'
import { describe, expect, it } from 'vitest'

const execute = promisify(execFile)
const deploy = fileURLToPath(new URL('../../../../deploy/', import.meta.url))
const read = (path: string): Promise<string> => readFile(`${deploy}${path}`, 'utf8')

/** The value of the first match. @throws Error when there is none */
function find(text: string, pattern: RegExp): string {
  const value = pattern.exec(text)?.[1]
  if (value === undefined) throw new Error(`there is no ${pattern} in it`)
  return value
}

/** Arguments of a command line that Tunicorn is given there. */
const commandLines: Readonly<Record<string, () => Promise<readonly string[]>>> = {
  'the Dockerfile': async () => JSON.parse(find(await read('docker/Dockerfile'), /^CMD (\[.*\])$/m)),
  'the Compose file': async () =>
    [...find(await read('docker/compose.yaml'), /command:\n((?: +- .*\n)+)/).matchAll(/- (\S+)/g)].map(
      ([, argument = '']) => argument,
    ),
  'the Kubernetes manifest': async () =>
    [...find(await read('kubernetes/app.yaml'), /args:\n((?: +(?:- |#).*\n)+)/).matchAll(/- (\S+)/g)].map(
      ([, argument = '']) => argument,
    ),
  'the systemd unit': async () =>
    find(await read('systemd/app.service'), /^ExecStart=\S+tunicorn (.*)$/m).split(' '),
  'the HAProxy configuration': async () =>
    find(await read('haproxy/haproxy.cfg'), /^# +tunicorn (.*)$/m).split(' '),
}

/** What Tunicorn says to the command line `name`, and to more flags. Rejects when it refuses them. */
async function configPrinted(name: string, more: readonly string[] = []): Promise<string> {
  await using directory = await temporaryDirectory()
  await writeFile(`${directory.path}/app.js`, 'module.exports = (req, res) => res.end()')
  const args = [...((await commandLines[name]?.()) ?? []), ...more]
  const eventLoop = fileURLToPath(import.meta.resolve('@tunicorn/worker-event-loop'))
  const known = args.includes('--worker-class') ? [] : ['--worker-class', eventLoop]
  const ours = args.map(argument => (argument === 'event-loop' ? eventLoop : argument))
  const { stdout } = await execute(testNode(), [tunicornMain, ...ours, ...known, '--print-config'], {
    cwd: directory.path,
  })
  return stdout
}

describe.each(Object.keys(commandLines))('the command line in %s', name => {
  it('is one that Tunicorn understands', async () => {
    expect(await configPrinted(name)).toMatch(/^workers\b/m)
  })
})

describe('the time to stop', () => {
  const places = [
    { file: 'kubernetes/app.yaml', grace: /terminationGracePeriodSeconds: (\d+)/ },
    { file: 'docker/compose.yaml', grace: /stop_grace_period: (\d+)s/ },
    { file: 'systemd/app.service', grace: /^TimeoutStopSec=(\d+)$/m },
  ]

  // That it is enough is what Tunicorn finds when it is given the command line, above.
  it.each(places)('in $file is the one that Tunicorn is told of', async ({ file, grace }) => {
    const text = await read(file)
    expect(find(text, /--termination-grace[= ](\d+)/)).toBe(find(text, grace))
  })

  it('that is too short for the other numbers is refused at the start', async () => {
    const refused = configPrinted('the Kubernetes manifest', ['--graceful-timeout', '36'])
    await expect(refused).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Expected `terminationGrace` to be 0 or at least 46,'),
    })
  })
})

describe('the systemd unit', () => {
  it('hears of what every process of the server says, the new arbiter of an upgrade too', async () => {
    expect(await read('systemd/app.service')).toMatch(/^NotifyAccess=all$/m)
  })

  it('reloads with an order that waits, at the control socket of the server', async () => {
    const unit = await read('systemd/app.service')
    const control = find(unit, /^ExecStart=.* --control (\S+)$/m)
    expect(unit).toMatch(new RegExp(`^ExecReload=\\S+/tunicorn ctl reload --wait --control ${control}$`, 'm'))
  })
})

it('the systemd unit is hardened: systemd sees an exposure of at most 3', async () => {
  const { stdout } = await execute('systemd-analyze', [
    'security',
    '--offline=yes',
    '--threshold=30',
    `${deploy}systemd/app.service`,
  ])
  expect(stdout).toMatch(/Overall exposure level .* OK/)
})

it('systemd finds nothing wrong with the units', async () => {
  await using directory = await temporaryDirectory()
  const paths = await Promise.all(
    ['app.service', 'app.socket'].map(async name => {
      const path = `${directory.path}/${name}`
      const unit = await read(`systemd/${name}`)
      await writeFile(path, unit.replaceAll('/srv/app/node_modules/.bin/tunicorn', process.execPath))
      return path
    }),
  )
  const { stdout, stderr } = await execute('systemd-analyze', ['verify', ...paths])
  expect(stdout + stderr).toBe('')
})

it('the alert rules do what their tests say', async () => {
  await execute('promtool', ['check', 'rules', `${deploy}prometheus/alerts.yaml`])
  await execute('promtool', ['test', 'rules', `${deploy}prometheus/alerts.test.yaml`])
})
