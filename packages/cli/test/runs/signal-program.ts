/** A server under load that gets random signals and loses random workers, and is stopped at a random moment. */
import { readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import {
  type LoadFailure,
  type LoadReport,
  LoadRun,
  listeningUrl,
  type RunningProcess,
  Successors,
  survivors,
  temporaryDirectory,
  unreapedPids,
} from '@tunicorn/harness'
import { expect } from 'vitest'
import { BusyClient } from '../e2e/support/busy-client.js'
import { apps, fromThisRun, serve } from '../supervision/server.js'
import type { RandomChoice } from './random-choice.js'

const clients = 6
/** A failed request is told with its reason; of more than so many failures the report has none. */
const maxKills = 3
/** From the end of a worker to the moment at which a client has noticed. */
const noticeMs = 2_000

const acts = ['HUP', 'HUP', 'TTIN', 'TTOU', 'USR1', 'USR2', 'WINCH', 'kill', 'kill'] as const

export interface ProgramServer {
  /** Path of the worker class. */
  readonly workerClass: string
  readonly args: readonly string[]
}

/** Returns what happened, as text. */
export async function signalProgram(program: ProgramServer, choice: RandomChoice): Promise<string> {
  await using directory = await temporaryDirectory()
  const pidfile = `${directory.path}/pid`
  const notes = `${directory.path}/notes`
  await using server = await serve({
    app: `${apps}noted.mjs`,
    workerClass: program.workerClass,
    workers: 1 + choice.below(3),
    args: [...program.args, '--pid', pidfile, '--log-level', 'debug'],
    env: { NOTES: notes },
  })
  using _successors = new Successors(server)
  const operator = new Operator(server, pidfile, choice)
  const to = await listeningUrl(server)
  await using load = new LoadRun({
    to,
    clients,
    nameField: 'x-name',
    check: fromThisRun(server),
    maxMs: 120_000,
  })
  const startedAt = performance.now()
  for (let step = 4 + choice.below(10); step > 0; step -= 1) {
    await operator.act(choice.of(acts))
    await delay(choice.below(choice.of([20, 300, 1_500])))
  }
  // Whatever was done to it, the server serves on.
  await load.waitForAnswers(50)
  const report = await load.stop()
  expectLossesOfKilledOnly(report, await notesOf(notes), operator.kills, startedAt)
  return `${operator.log.join(' ')}; ${report.requests} requests, ${report.failed} lost; ${await stopAtRandom(server, operator, choice, to)}`
}

/** Sends signals to the arbiter that the pidfile names. */
class Operator {
  readonly log: string[] = []
  readonly kills: { readonly pid: number; readonly at: number }[] = []
  readonly #server: RunningProcess
  readonly #pidfile: string
  readonly #choice: RandomChoice

  constructor(server: RunningProcess, pidfile: string, choice: RandomChoice) {
    this.#server = server
    this.#pidfile = pidfile
    this.#choice = choice
  }

  async act(act: (typeof acts)[number]): Promise<void> {
    if (act === 'kill') return this.#killOne()
    await this.signal(`SIG${act}`)
    if (act !== 'WINCH') return
    // Nobody serves until then.
    await delay(this.#choice.below(100))
    await this.signal('SIGHUP')
  }

  async signal(name: NodeJS.Signals): Promise<void> {
    this.log.push(name.slice(3))
    sendTo(await this.arbiter(), name)
  }

  async arbiter(): Promise<number> {
    return Number(await readFile(this.#pidfile, 'utf8'))
  }

  #killOne(): void {
    const pids = unreapedPids(this.#server)
    if (this.kills.length === maxKills || pids.length === 0) return
    const pid = this.#choice.of(pids)
    if (!sendTo(pid, 'SIGKILL')) return
    this.kills.push({ pid, at: performance.now() })
    this.log.push('kill')
  }
}

/** Clients that use their connections until they are told to leave are not cut by the stop, and nothing outlives it. */
async function stopAtRandom(
  server: RunningProcess,
  operator: Operator,
  choice: RandomChoice,
  url: string,
): Promise<string> {
  const busy = Array.from({ length: 4 }, () => new BusyClient(url))
  await Promise.all(busy.map(client => client.answered(1)))
  if (choice.below(2) === 0) await operator.signal(choice.of(['SIGHUP', 'SIGUSR2', 'SIGTTIN', 'SIGWINCH']))
  await delay(choice.below(choice.of([5, 50, 500])))
  const stop = choice.of(['SIGTERM', 'SIGTERM', 'SIGINT', 'SIGQUIT'] as const)
  const stopped = await operator.arbiter()
  await operator.signal(stop)
  // A successor that got the pidfile in the same moment has not got the signal.
  const promotion = server.waitForOutput(
    /Handling signal: (term|int|quit)[\s\S]*Master has been promoted/,
    60_000,
  )
  const stopPromoted = async (): Promise<void> => {
    await promotion
    if ((await operator.arbiter()) !== stopped) await operator.signal(stop)
  }
  stopPromoted().catch(() => undefined)
  const { code, signal } = await server.ended(40_000, stop)
  expect({ code, signal }, server.output).toEqual({ code: 0, signal: null })
  const ends = await Promise.allSettled(busy.map(client => client.finished))
  // A quick stop cuts what takes long; nothing here does.
  expect(
    ends.filter(({ status }) => status === 'rejected'),
    server.output,
  ).toEqual([])
  expect(await survivors(server)).toEqual([])
  return `${stop} ended it`
}

/** Pids of the workers that have begun a request, by its name. */
async function notesOf(path: string): Promise<ReadonlyMap<string, number>> {
  const lines = (await readFile(path, 'utf8')).trim().split('\n')
  return new Map(lines.map(line => [line.split(' ')[1] ?? '', Number.parseInt(line, 10)]))
}

function expectLossesOfKilledOnly(
  { failures, failed, summary }: LoadReport,
  notes: ReadonlyMap<string, number>,
  kills: Operator['kills'],
  startedAt: number,
): void {
  const isExcused = ({ client, request, atMs, outcome }: LoadFailure): boolean => {
    const pid = notes.get(`${client}-${request}`)
    const at = startedAt + atMs
    const suspects = kills.filter(kill => at >= kill.at - noticeMs && at <= kill.at + noticeMs)
    return (
      ['reset', 'shortBody'].includes(outcome) &&
      // One whose app had not seen it yet was in the socket of some worker.
      suspects.some(kill => pid === undefined || pid === kill.pid)
    )
  }
  const killed = kills.map(({ pid }) => pid).join(', ')
  expect(
    failures.filter(failure => !isExcused(failure)),
    `killed: ${killed}. ${summary}`,
  ).toEqual([])
  expect(failed, summary).toBeLessThanOrEqual(kills.length * clients)
}

/** Whether there was such a process. */
function sendTo(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name)
  } catch {
    return false
  }
}
