/** A link to one of several releases of an app, which is set to the next one. */
import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { bootedPids, temporaryDirectory } from '@tunicorn/harness'
import { expect, it } from 'vitest'
import { serve } from './server.js'

const appOf = (release: number): string =>
  `console.log('release ${release}'); export default (q, s) => s.end()\n`

async function point(directory: string, release: number): Promise<void> {
  await symlink(`releases/${release}`, `${directory}/next`)
  await rename(`${directory}/next`, `${directory}/current`)
}

it.each(['--chdir', 'the directory that it was started in'])(
  'is followed for every boot, also when the old release is gone: %s',
  async way => {
    await using directory = await temporaryDirectory()
    const { path } = directory
    for (const release of [1, 2]) {
      await mkdir(`${path}/releases/${release}`, { recursive: true })
      await writeFile(`${path}/releases/${release}/app.mjs`, appOf(release))
    }
    await point(path, 1)
    const current = `${path}/current`
    const where =
      way === '--chdir'
        ? { cwd: path, args: ['--chdir', 'current'] }
        : { cwd: current, env: { PWD: current } }
    await using server = await serve({ app: './app.mjs', workers: 1, ...where })
    await server.waitForOutput(/release 1/)
    await point(path, 2)
    await rm(`${path}/releases/1`, { recursive: true })
    process.kill(Number(bootedPids(server)[0]), 'SIGKILL')
    await server.waitForTimes('release 2', 1)
    server.signal('SIGHUP')
    await server.waitForTimes('release 2', 2)
    await server.waitForOutput(/Reload done/)
    expect((await server.stop()).code).toBe(0)
  },
)
