/** A server whose app is replaced, and its reloads. */
import { mkdir, writeFile } from 'node:fs/promises'
import { findServers } from '@tunicorn/arbiter/control'
import {
  bootedPids,
  checkAllOk,
  LoadRun,
  listeningUrl,
  startTunicorn,
  temporaryDirectory,
} from '@tunicorn/harness'
import { expect } from 'vitest'
import { serve } from '../supervision/server.js'

export const good =
  'console.log("loaded"); export default (request, response) => response.end(String(process.pid))\n'
export const crashing = (ms: number): string => `setTimeout(() => process.exit(11), ${ms})\n${good}`

export interface Rig extends AsyncDisposable {
  readonly server: Awaited<ReturnType<typeof serve>>
  readonly url: string
  /** Where its control socket is to be looked for. */
  readonly environment: Readonly<Record<string, string>>
  /** Replaces the code of the app. */
  deploy(code: string): Promise<void>
  reload(): Promise<{ readonly code: number | null; readonly output: string }>
}

export async function rig(canarySeconds: number, workers = 3, args: readonly string[] = []): Promise<Rig> {
  const directory = await temporaryDirectory()
  const app = `${directory.path}/app.mjs`
  const env = { XDG_RUNTIME_DIR: `${directory.path}/run`, TMPDIR: directory.path }
  await mkdir(env.XDG_RUNTIME_DIR, { mode: 0o700 })
  await writeFile(app, good)
  const server = await serve({ app, workers, cwd: directory.path, env, canarySeconds, args })
  // What is deployed once they have read it is read by new workers alone.
  await server.waitForTimes('loaded', workers)
  // And a reload has nothing to prove before anybody serves.
  await expect.poll(() => servingIn(env), { timeout: 20_000 }).toBe(workers)
  return {
    server,
    url: await listeningUrl(server),
    environment: env,
    deploy: code => writeFile(app, code),
    async reload() {
      await using ctl = await startTunicorn({ args: ['ctl', 'reload', '--wait'], cwd: directory.path, env })
      const { code } = await ctl.exited
      return { code, output: ctl.output }
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]()
      await directory[Symbol.asyncDispose]()
    },
  }
}

/** How many workers serve, of all servers. */
async function servingIn(env: Readonly<Record<string, string>>): Promise<number> {
  const groups = (await findServers(env)).flatMap(({ status }) => status?.groups ?? [])
  return groups.flatMap(({ workers }) => workers).filter(({ state }) => state === 'serving').length
}

/** The canary crashes so many milliseconds after it has booted, within its window: the old workers are all still there. */
export async function rollBack(ms: number): Promise<void> {
  await using it = await rig(5)
  const old = bootedPids(it.server)
  await it.deploy(crashing(ms))
  const { code, output } = await it.reload()
  expect(code).toBe(1)
  expect(output).toContain('exited with code 11')
  await using load = new LoadRun({
    to: it.url,
    check({ body }) {
      if (!old.includes(Number(body))) throw new Error(`${body} is not an old worker`)
      return body
    },
  })
  await load.waitForAnswers(200)
  checkAllOk(await load.stop())
  expect(it.server.output).toContain('Reload rolled back')
  expect((await it.server.stop()).code).toBe(0)
}
