/** A server whose app is replaced, and its reloads. */
import { mkdir, writeFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { findServers } from '@tunicorn/arbiter/control'
import {
  bootedPids,
  checkAllOk,
  isAlive,
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
/** Does it when `tellNew` says so: a clock of its own would run while a slow machine still boots it. */
export const failing = (how: 'crash' | 'block'): string =>
  `process.on('SIGPWR', () => { ${how === 'crash' ? 'process.exit(11)' : 'for (;;);'} })\n${good}`

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
  await expect.poll(() => servingIn(env)).toHaveLength(workers)
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

/** The processes that serve, of all servers. */
async function servingIn(env: Readonly<Record<string, string>>): Promise<readonly number[]> {
  const groups = (await findServers(env)).flatMap(({ status }) => status?.groups ?? [])
  const workers = groups.flatMap(group => group.workers).filter(({ state }) => state === 'serving')
  return workers.flatMap(({ pid }) => pid ?? [])
}

/** Tells the workers that are not old to do what their code does when it is told. */
export function tellNew({ server }: Rig, old: readonly number[]): void {
  for (const pid of bootedPids(server)) if (!old.includes(pid)) process.kill(pid, 'SIGPWR')
}

/** The same, so many milliseconds after each of them serves, and of those that take their place. */
async function tellEach(
  { environment }: Rig,
  {
    old,
    ms,
    until,
  }: { readonly old: readonly number[]; readonly ms: number; readonly until: Promise<unknown> },
): Promise<void> {
  const told = new Set(old)
  let isOver = false
  const end = (): void => {
    isOver = true
  }
  until.then(end, end)
  while (!isOver) {
    for (const pid of await servingIn(environment)) {
      if (!told.has(pid)) setTimeout(() => isAlive(pid) && process.kill(pid, 'SIGPWR'), ms)
      told.add(pid)
    }
    await delay(20)
  }
}

/** Workers of the new code crash so many milliseconds after they serve, within the canary window: the old ones are all still there. */
export async function rollBack(ms: number): Promise<void> {
  await using it = await rig(5)
  const old = bootedPids(it.server)
  await it.deploy(failing('crash'))
  const reload = it.reload()
  await tellEach(it, { old, ms, until: reload })
  const { code, output } = await reload
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
