/** Starts workers as separate processes, each with a host, its IPC channel and its diagnostics pipe. */
import { type ChildProcess, fork } from 'node:child_process'
import { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { envelopeEvent, hostIsHere, isEnvelope, seal } from '../protocol/envelope.js'
import type { FlightRecord } from '../protocol/flight-record.js'
import { parseFromHost, parseLogRecord } from '../protocol/guard.js'
import type { OutputName, ToHost, WorkerInit } from '../protocol/messages.js'
import type { ServerHandle } from '../sockets/handle.js'
import { guardChannel } from './channel-guard.js'
import { ForeignMessages } from './foreign-messages.js'
import { type HeapExhaustion, saysHeapExhaustion } from './heap-exhaustion.js'
import type { InheritedOptions } from './inherited-options.js'
import { readLines } from './line-reader.js'
import { Seats } from './seats.js'
import { missingFile, spawnProblem } from './spawn-problem.js'
import { pageFd, type Spawner, type SpawnRequest, type WorkerEvents, type WorkerProcess } from './spawner.js'
import { WorkerFiles } from './worker-files.js'

const channelLimits = { messageBytes: 65_536, bytesPerSecond: 4_194_304 }
const outputLimits = { lineLength: 16_384, longLines: 'cut', linesPerSecond: 1_000 } as const
const logLimits = { lineLength: 262_144, longLines: 'dropped', linesPerSecond: 1_000 } as const
/** The most messages on their way to a worker. One that does not read them must not fill the arbiter's memory. */
const maxQueue = 256
/** Above this number, only messages that must not be lost are queued. */
const maxOffered = 128
/** The descriptor after the page of connections. */
const flightFd = pageFd + 1
const reportFd = pageFd + 2
const exitAfterDisconnectMs = 1_500
/** How long a process outside of the worker's group may keep one of the worker's pipes open. */
const lastWordsMs = 500

export class ProcessSpawner implements Spawner {
  readonly #hostUrl: URL
  readonly #inherited: InheritedOptions
  readonly #seats = new Seats()

  constructor(hostUrl: URL, inherited: InheritedOptions) {
    this.#hostUrl = hostUrl
    this.#inherited = inherited
  }

  spawn(request: SpawnRequest, events: WorkerEvents): WorkerProcess {
    const seat = this.#seats.take(request.init.group)
    const files = new WorkerFiles()
    try {
      const shared = [seat?.fd, files.flightFd, files.reportFd].map(fd => fd ?? 'ignore')
      const child = this.#fork(request, shared)
      child.once('exit', () => seat?.leave())
      child.once('error', () => {
        if (child.pid === undefined) seat?.leave()
      })
      const init = seat ? { ...request.init, balance: { fd: pageFd, seat: seat.number } } : request.init
      return new ForkedWorker(child, { ...request, init }, events, files)
    } catch (error) {
      seat?.leave()
      files.close()
      throw error
    }
  }

  /** `shared`: descriptors that come after those of every worker. */
  #fork({ init, cwd, env, nodeOptions }: SpawnRequest, shared: readonly (number | 'ignore')[]): ChildProcess {
    const hostFile = fileURLToPath(this.#hostUrl)
    const missing = missingFile(hostFile)
    // Node would start, and fail with a long message.
    if (missing) throw new Error(missing)
    return fork(hostFile, [], {
      cwd,
      env: this.#inherited.environment(withoutReports(env)),
      execArgv: [...this.#inherited.flags, ...nodeOptions],
      // A session of its own, so that the terminal's Ctrl-C reaches only the arbiter, and what the app starts dies with the worker.
      detached: true,
      stdio: init.capturesOutput
        ? ['ignore', 'pipe', 'pipe', 'ipc', 'pipe', 1, ...shared]
        : ['ignore', 'inherit', 'inherit', 'ipc', 'pipe', 'ignore', ...shared],
    })
  }
}

/** `node --watch` makes child processes report each module that they load. That is not for workers: the arbiter is watched. */
function withoutReports(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { WATCH_REPORT_DEPENDENCIES: _, ...others } = env
  return others
}

class ForkedWorker implements WorkerProcess {
  readonly pid: number | undefined
  readonly #child: ChildProcess
  readonly #files: WorkerFiles
  #queued = 0
  /** Messages to send once the host listens. */
  #early: (() => void)[] | undefined = []
  /** Heap exhaustion that V8 has printed. */
  #heap: HeapExhaustion | undefined
  /** The app's metrics when the process ended. */
  #lastMetrics: string | undefined

  constructor(child: ChildProcess, request: SpawnRequest, events: WorkerEvents, files: WorkerFiles) {
    const { init } = request
    this.#child = child
    this.#files = files
    this.pid = child.pid
    child.on('error', error => {
      if (child.pid !== undefined) return
      files.close()
      events.onFailed(spawnProblem(error, request))
    })
    this.#watch(events, init.capturesOutput === true)
    this.send({ type: 'init', init: { ...init, ...fdsOf(files) } })
  }

  send(message: ToHost, handle?: ServerHandle): boolean {
    if (!this.#child.connected) return false
    if (this.#queued >= maxQueue) return false
    this.#queued += 1
    const send = (): void => this.#send(message, handle)
    if (this.#early) this.#early.push(send)
    else send()
    return true
  }

  #send(message: ToHost, handle?: ServerHandle): void {
    // Node can send the bare handle of a socket as well as a server. The types know only servers.
    this.#child.send(seal(message), handle as never, {}, () => {
      this.#queued -= 1
    })
  }

  offer(message: ToHost): boolean {
    if (this.#queued >= maxOffered) return false
    return this.send(message)
  }

  kill(): void {
    const { pid } = this.#child
    if (pid === undefined) return
    try {
      process.kill(-pid, 'SIGKILL')
    } catch {
      // The process group ended with the process.
    }
  }

  examine(): void {
    this.#files.ask()
  }

  askStack(): void {
    this.#files.askStack()
  }

  flight(): FlightRecord | undefined {
    return this.#files.flight()
  }

  appMetrics(): string | undefined {
    return this.#lastMetrics ?? this.#files.appMetrics()
  }

  #watch(events: WorkerEvents, isCaptured: boolean): void {
    const child = this.#child
    let isOver = false
    const finish = (code: number | null, signal: string | null): void => {
      if (isOver) return
      isOver = true
      const flight = this.flight()
      this.#lastMetrics = this.#files.appMetrics()
      const heap = code === 0 ? undefined : (this.#files.heapExhaustion() ?? this.#heap)
      this.#files.close()
      events.onExit({ code, signal, ...(heap && { heap }) }, flight)
    }
    guardChannel(child, channelLimits, events.onBroken)
    child.on(envelopeEvent, (message: unknown) => {
      if (isEnvelope(message)) this.#receive(message.body, events)
    })
    const foreign = new ForeignMessages(() => events.onBroken('it flooded its channel'))
    child.on('message', () => foreign.take())
    child.on('disconnect', () => {
      // The exit usually follows at once and says more.
      setTimeout(() => {
        if (!isOver) events.onBroken('its channel was closed')
      }, exitAfterDisconnectMs).unref()
    })
    child.on('exit', (code, signal) => {
      // Processes that the app started and left behind are in the worker's process group, and may keep its output open.
      this.kill()
      // Its last messages and output are still on their way, and often say why it ended.
      const timer = setTimeout(() => finish(code, signal), lastWordsMs)
      child.once('close', () => {
        clearTimeout(timer)
        finish(code, signal)
      })
    })
    // If no process was started, there may be no pipes either.
    if (child.pid === undefined) return
    this.#readLog(events)
    if (!isCaptured) return
    this.#readOutput('stdout', events)
    this.#readOutput('stderr', events)
  }

  #receive(body: unknown, events: WorkerEvents): void {
    if (body === hostIsHere) {
      const early = this.#early ?? []
      this.#early = undefined
      for (const send of early) send()
      return
    }
    const parsed = parseFromHost(body)
    if (parsed) events.onMessage(parsed)
    else events.onBroken('it sent a message that is not of the protocol')
  }

  #readLog(events: WorkerEvents): void {
    const pipe = this.#child.stdio[4]
    if (!(pipe instanceof Readable)) return
    readLines(
      pipe,
      logLimits,
      line => {
        const record = parseLogRecord(line)
        if (record) events.onLog(record)
      },
      count => events.onLog({ level: 'warn', message: `${count} log lines of this worker were dropped` }),
    )
  }

  #readOutput(name: OutputName, events: WorkerEvents): void {
    const stream = this.#child[name]
    if (!stream) return
    readLines(
      stream,
      outputLimits,
      line => {
        if (name === 'stderr' && saysHeapExhaustion(line)) this.#heap ??= {}
        events.onOutput(name, line.replace(/\r$/, ''))
      },
      count =>
        events.onLog({ level: 'warn', message: `${count} lines of this worker's ${name} were dropped` }),
    )
  }
}

function fdsOf(files: WorkerFiles): Pick<WorkerInit, 'flightFd' | 'reportFd'> {
  return {
    ...(files.flightFd !== undefined && { flightFd }),
    ...(files.reportFd !== undefined && { reportFd }),
  }
}
