/** Reloads whose new code boots, serves, and then fails: what the canary window is for. */
import { mkdir, writeFile } from 'node:fs/promises'
import {
  bootedPids,
  checkAllOk,
  LoadRun,
  listeningUrl,
  startTunicorn,
  temporaryDirectory,
} from '@tunicorn/harness'
import { describe, expect, it } from 'vitest'
import { serve } from './server.js'

const good =
  'console.log("loaded"); export default (request, response) => response.end(String(process.pid))\n'
const crashing = (ms: number): string => `setTimeout(() => process.exit(11), ${ms})\n${good}`

interface Rig extends AsyncDisposable {
  readonly server: Awaited<ReturnType<typeof serve>>
  readonly url: string
  /** Replaces the code of the app. */
  deploy(code: string): Promise<void>
  reload(): Promise<{ readonly code: number | null; readonly output: string }>
}

async function rig(canarySeconds: number, workers = 3, args: readonly string[] = []): Promise<Rig> {
  const directory = await temporaryDirectory()
  const app = `${directory.path}/app.mjs`
  const env = { XDG_RUNTIME_DIR: `${directory.path}/run`, TMPDIR: directory.path }
  await mkdir(env.XDG_RUNTIME_DIR, { mode: 0o700 })
  await writeFile(app, good)
  const server = await serve({ app, workers, cwd: directory.path, env, canarySeconds, args })
  // What is deployed from now on is read by new workers alone.
  await server.waitForTimes('loaded', workers)
  return {
    server,
    url: await listeningUrl(server),
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

describe('a reload to code that crashes after it has served', () => {
  it.each([150, 400, 900, 1_500])(
    '%i ms later goes back, and the old workers are all still there',
    async ms => {
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
    },
  )

  it('goes back without a window too, when one worker after the other ends while they are replaced', async () => {
    await using it = await rig(0, 10)
    await it.deploy(crashing(50))
    const { code, output } = await it.reload()
    expect(code).toBe(1)
    expect(output).toContain('exited with code 11')
    await it.deploy(good)
    expect(await it.reload()).toMatchObject({ code: 0 })
    await using load = new LoadRun({ to: it.url })
    await load.waitForAnswers(200)
    checkAllOk(await load.stop())
    expect((await it.server.stop()).code).toBe(0)
  })

  it('goes back when the new code blocks its event loop', async () => {
    await using it = await rig(5, 3, ['--timeout', '6'])
    const old = bootedPids(it.server)
    await it.deploy(`setTimeout(() => { for (;;); }, 100)\n${good}`)
    const { code, output } = await it.reload()
    expect(code).toBe(1)
    expect(output).toContain('it was silent for longer than its timeout')
    for (const pid of old) expect(() => process.kill(pid, 0)).not.toThrow()
    expect((await it.server.stop()).code).toBe(0)
  })
})

describe('a reload to code that lasts', () => {
  it('lets one new worker serve for the window beside all of the old ones, then replaces them', async () => {
    await using it = await rig(1)
    const old = bootedPids(it.server)
    await using load = new LoadRun({ to: it.url, clients: 8, keepAlive: false, check: ({ body }) => body })
    const reload = it.reload()
    await it.server.waitForOutput(/its first worker serves beside the old ones/)
    const before = load.report().labels
    await it.server.waitForOutput(/replacing workers/)
    const during = [...load.report().labels].filter(([pid, count]) => count > (before.get(pid) ?? 0))
    expect(during.map(([pid]) => Number(pid))).toEqual(expect.arrayContaining([...old]))
    expect(await reload).toMatchObject({ code: 0 })
    checkAllOk(await load.stop())
    expect((await it.server.stop()).code).toBe(0)
  })
})
