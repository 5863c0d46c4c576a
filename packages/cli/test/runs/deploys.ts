/**
 * A life of deploys under load: code that lasts, code that crashes at a random moment, upgrades, and kills between. What has to
 * hold meanwhile is looked at all the time.
 */
import { type Answer, LoadRun, Successors, seeded } from '@tunicorn/harness'
import { expect } from 'vitest'
import { rig } from './canary.js'
import { ServingWatch } from './serving-watch.js'

export interface DeployRun {
  /** At least so many. */
  readonly requests: number
  /** A third of them to code that crashes, each twelfth after an upgrade. */
  readonly reloads: number
  readonly seed: number
}

const workers = 3
const clients = 8
/** Code that is wrong crashes within so many milliseconds, and the canary window is a little longer. */
const crashMs = 3_000

/** The code of one deploy: it says which one it is. */
function codeOf(version: string, diesAfterMs?: number): string {
  const crash = diesAfterMs === undefined ? '' : `setTimeout(() => process.exit(11), ${diesAfterMs})\n`
  return `${crash}export default (request, response) => response.end(\`${version} \${process.pid}\`)\n`
}

/** Which worker each client was last answered by, and how often one has lost it. */
class Owners {
  readonly #owners = new Map<number, number>()
  readonly #leavers: number[] = []

  note({ client, body }: Answer): string {
    const [version = '', pid] = body.split(' ')
    const before = this.#owners.get(client)
    if (before !== undefined && before !== Number(pid)) this.#leavers.push(before)
    this.#owners.set(client, Number(pid))
    return version
  }

  /** How often a client has gone on elsewhere after a worker that is among these. */
  lostBy(pids: ReadonlySet<number>): number {
    return this.#leavers.filter(pid => pids.has(pid)).length
  }
}

export async function deployUnderLoad({ requests, reloads, seed }: DeployRun): Promise<void> {
  const random = seeded(seed)
  await using it = await rig(crashMs / 1_000 + 0.2, workers)
  using successors = new Successors(it.server)
  const owners = new Owners()
  await it.deploy(codeOf('v0'))
  await using watch = new ServingWatch(it.environment, workers)
  expect(await it.reload()).toMatchObject({ code: 0 })
  await using load = new LoadRun({
    to: it.url,
    clients,
    check: answer => owners.note(answer),
    maxRequests: Number.POSITIVE_INFINITY,
    maxMs: 240_000 + reloads * 30_000,
    // What clients that never rest take of the machine is not there for the boots.
    pauseMs: 3,
  })
  let serving = 'v0'
  const killed = new Set<number>()
  const counts = { good: 0, bad: 0, upgrades: 0 }
  for (let reload = 1; reload <= reloads; reload += 1) {
    const version = `v${reload}`
    const isBad = reload % 3 === 2
    await it.deploy(isBad ? codeOf(version, Math.floor(random() * crashMs)) : codeOf(version))
    const { code, output } = await it.reload()
    expect(code, `reload ${reload}: ${output}`).toBe(isBad ? 1 : 0)
    if (isBad) expect(output).toContain('exited with code 11')
    else serving = version
    counts[isBad ? 'bad' : 'good'] += 1
    // The command has said which code serves: nothing else does any more.
    await expectAlone(load, serving)
    await it.deploy(codeOf(serving))
    if (reload % 12 === 3) {
      await watch.whilePaused(() => successors.upgrade())
      counts.upgrades += 1
    }
    killed.add(await watch.killOne(random()))
  }
  await load.waitForAnswers(Math.max(1, requests - load.report().requests))
  const report = await load.stop()
  await watch.close()
  const crashed = [...it.server.output.matchAll(/Worker exiting \(pid: (\d+)\): it exited with code 11/g)]
  const ended = new Set([...killed, ...crashed.map(([, pid]) => Number(pid))])
  const lost = owners.lostBy(ended)
  const { reset, shortBody } = report.outcomes
  console.log(
    `${counts.good} deploys of good code and ${counts.bad} of bad, ${counts.upgrades} upgrades, ${killed.size} kills: ${report.requests} requests in ${Math.round(report.durationMs / 1_000)} s, ${report.failed} failed, ${lost} clients had lost their worker; ${watch.looks} looks, never fewer than ${workers} serving but for kills (seed ${seed})`,
  )
  expect(report.failed, report.summary).toBe(reset + shortBody)
  // A connection that one of them had accepted and not answered yet is nobody's by its last answer.
  expect(report.failed, report.summary).toBeLessThanOrEqual(lost + ended.size)
  expect(report.requests).toBeGreaterThanOrEqual(requests)
  expect(watch.looks).toBeGreaterThan(reloads)
  process.kill(successors.newest, 'SIGTERM')
  await it.server.closed
}

/** Answers are of one version once the old workers have finished what they had, and stay so. */
async function expectAlone(load: LoadRun, version: string): Promise<void> {
  let seen: readonly string[] = []
  // Each is a tenth of a second and more.
  for (let tries = 30; tries > 0; tries -= 1) {
    seen = await versionsOf(load, 200)
    if (seen.length === 1) break
  }
  expect(seen).toEqual([version])
  expect(await versionsOf(load, 200)).toEqual([version])
}

/** Of the next answers. */
async function versionsOf(load: LoadRun, answers: number): Promise<readonly string[]> {
  const before = load.labels
  await load.waitForAnswers(answers)
  const seen = [...load.labels].filter(([label, count]) => count > (before.get(label) ?? 0))
  return seen.map(([label]) => label)
}
