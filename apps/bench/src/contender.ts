/** A server under load: Tunicorn, bare Node.js, or a peer. */
import { fileURLToPath } from 'node:url'
import { type RunningProcess, servingUrl, startProcess, tunicornMain } from '@tunicorn/harness'
import { type CommandLine, findPin, unpinned } from './pinning.js'

export interface Contender {
  readonly name: string
  readonly command: CommandLine
  readonly env?: Readonly<Record<string, string>>
}

/** A file in `servers/`. */
export function serverFile(name: string): string {
  return fileURLToPath(new URL(`../servers/${name}`, import.meta.url))
}

/** Bare `node:http`, on any port unless one is given. */
export function bareNode(port = 0): Contender {
  const command: CommandLine = [process.execPath, serverFile('bare.mjs')]
  return { name: 'bare `node:http`', command, env: { BENCH_PORT: String(port) } }
}

export function tunicorn(app: string, workers: number, bind = '127.0.0.1:0'): Contender {
  const args = [serverFile(app), '-k', 'event-loop', '-w', String(workers), '-b', bind]
  return { name: 'Tunicorn', command: [process.execPath, tunicornMain, ...args] }
}

export interface RunningContender extends AsyncDisposable {
  readonly contender: Contender
  readonly process: RunningProcess
  readonly url: string
}

/** Starts a contender and waits until it serves. If pinned, it runs on core 0. */
export async function start(contender: Contender, isPinned: boolean): Promise<RunningContender> {
  const pin = isPinned ? ((await findPin()) ?? unpinned) : unpinned
  const [command, ...args] = pin(0, profiled(contender.command))
  const process = await startProcess(command, args, contender.env === undefined ? {} : { env: contender.env })
  try {
    const url = await servingUrl(process)
    return { contender, process, url, [Symbol.asyncDispose]: () => end(process) }
  } catch (error) {
    await process[Symbol.asyncDispose]()
    throw error
  }
}

/** Node writes the profile of a process only if it ends by itself, as those of Tunicorn do when they are told to. */
async function end(server: RunningProcess): Promise<void> {
  if (process.env[profileVariable]) await server.stop()
  await server[Symbol.asyncDispose]()
}

/** Directory for CPU profiles of the servers; the option `--profile` sets it. */
export const profileVariable = 'TUNICORN_BENCH_PROFILE'

/** Node passes its own flags on to the processes that it forks, and Tunicorn does so to its workers. */
function profiled(line: CommandLine): CommandLine {
  const directory = process.env[profileVariable]
  const [command, ...args] = line
  if (!directory || command !== process.execPath) return line
  return [command, '--cpu-prof', `--cpu-prof-dir=${directory}`, ...args]
}

/** Process ids of the workers that Tunicorn's log names. */
export function workerPids({ process }: RunningContender): readonly number[] {
  return [...process.output.matchAll(/Booting worker with pid: (\d+)/g)].map(match => Number(match[1]))
}
