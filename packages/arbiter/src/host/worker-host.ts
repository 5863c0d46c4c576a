/**
 * Runs one worker of a worker class. It owns the worker's states, heartbeat and request accounting, and carries out the arbiter's
 * orders. A worker class implements only how connections become app calls.
 */
import type { AccessLog } from '../access-log/access-log.js'
import { assertNever } from '../assert-never.js'
import { parseWorkerClass } from '../contract/validate.js'
import type { AnyWorkerClass } from '../contract/worker-class.js'
import { exitCodes } from '../exit-codes.js'
import type { ToHost, WorkerInit } from '../protocol/messages.js'
import type { ServerHandle } from '../sockets/handle.js'
import { AppLink } from './app-link.js'
import { AppSignal } from './app-signal.js'
import { Balance } from './balance.js'
import { bootFailure } from './boot-failure.js'
import type { HostChannel } from './channel.js'
import { DebuggerAccess } from './debugger-access.js'
import { createWorkerLogger } from './diagnostics.js'
import { DrainDeadline } from './drain-deadline.js'
import { FlightRecorder } from './flight-recorder.js'
import { Heartbeat } from './heartbeat.js'
import { HostAdoption } from './host-adoption.js'
import { HostListener } from './host-listener.js'
import { HostedWorker } from './hosted-worker.js'
import { loadHooks, openAccessLog, wantsWatchdog } from './optional-parts.js'
import { RequestLedger } from './request-ledger.js'
import { limitReason, RequestLimit } from './request-limit.js'
import { Watching } from './watching.js'
import { createContext } from './worker-context.js'
import { WorkerFigureReader } from './worker-figures.js'
import type { WorkerHookRunner } from './worker-hooks.js'

type HostState = 'booting' | 'standby' | 'serving' | 'draining' | 'closed'

/** How long requests in flight get when the arbiter is gone. */
const orphanDrainMs = 1_000

export class WorkerHost {
  readonly #init: WorkerInit
  readonly #channel: HostChannel
  readonly #appLink: AppLink
  readonly #listeners: readonly HostListener[]
  readonly #log = createWorkerLogger()
  readonly #ledger: RequestLedger
  readonly #heartbeat: Heartbeat
  readonly #adoption: HostAdoption
  readonly #appSignal: AppSignal | undefined
  readonly #figures = new WorkerFigureReader(problem =>
    this.#log.warn(`Some of what the worker class says in \`stats\` is left out: ${problem}`),
  )
  readonly #deadline = new DrainDeadline()
  #worker: HostedWorker | undefined
  readonly #watching: Watching
  readonly #debuggers: DebuggerAccess
  #hooks: WorkerHookRunner | undefined
  #accessLog: AccessLog | undefined
  #balance: Balance | undefined
  #prover: 'host' | 'worker' = 'host'
  readonly #limit: RequestLimit
  #state: HostState = 'booting'

  /** `watchdogUrl`: URL of the watchdog thread's module. */
  constructor(init: WorkerInit, channel: HostChannel, watchdogUrl: URL) {
    this.#init = init
    this.#channel = channel
    this.#appLink = new AppLink(channel, init, this.#log)
    const recorder = init.flightFd === undefined ? undefined : new FlightRecorder(init.flightFd)
    this.#ledger = new RequestLedger(
      { begun: count => this.#onBegun(count), ended: () => this.#onEnded() },
      recorder,
    )
    this.#limit = new RequestLimit(init.settings)
    const timeoutMs = init.settings.timeout * 1_000
    const watched = { threadUrl: watchdogUrl, timeoutMs, ledger: this.#ledger, recorder }
    this.#watching = new Watching(watched, this.#log)
    this.#listeners = init.listeners.map(
      ({ isTls, ...at }) =>
        new HostListener(
          { ...at, ...(isTls && init.tls && { tls: init.tls }) },
          init.settings.backlog,
          () => this.#balance,
        ),
    )
    this.#debuggers = new DebuggerAccess({
      init,
      channel,
      log: this.#log,
      isAppHere: () => this.#appLink.isAppHere,
      requestsLeft: () => this.#limit.left(this.#ledger.begun),
      watching: this.#watching,
    })
    this.#appSignal = init.isAppSignalled ? new AppSignal(this.#log) : undefined
    const retire = (reason: string): void => this.retire(reason)
    this.#adoption = new HostAdoption({ init, channel, listeners: this.#listeners, log: this.#log, retire })
    this.#heartbeat = new Heartbeat(init.heartbeatMs, {
      ledger: this.#ledger,
      figures: () => this.#figures.read(() => this.#worker?.stats()),
      beat: sample => void channel.send({ type: 'heartbeat', sample }),
    })
  }

  /** Asks the arbiter for a replacement. */
  retire(reason: string): void {
    void this.#channel.send({ type: 'retire', reason })
  }

  #onBegun(count: number): void {
    // A worker that ends after one request already costs a process. One that goes on should not send a message for each request.
    if (this.#limit.isSingle && this.#prover === 'worker' && !this.#limit.isNone) this.#heartbeat.beatNow()
    if (this.#limit.isPassedBy(count)) this.retire(limitReason(count))
  }

  #onEnded(): void {
    const { begun } = this.#ledger
    if (this.#state !== 'serving' || !this.#limit.isUsedUpBy(begun)) return
    void this.#channel.send({ type: 'leaving', reason: limitReason(begun), ended: this.#ledger.ended })
    void this.drain(this.#init.settings.gracefulTimeout * 1_000)
  }

  get ledger(): RequestLedger {
    return this.#ledger
  }

  /** Whether the process ends on purpose. */
  get isEnded(): boolean {
    return this.#state === 'closed'
  }

  /** Boots to standby. A failed boot ends the process with the exit code of the error. */
  async boot(): Promise<void> {
    try {
      await this.#debuggers.start()
      this.#hooks = await loadHooks(this.#init, this.#log)
      await this.#hooks?.required('postFork')
      const workerClass = await this.#loadClass()
      this.#accessLog = await openAccessLog(this.#init, this.#log)
      for (const watcher of [this.#accessLog, this.#hooks]) if (watcher) this.#ledger.watch(watcher)
      const { concurrency, heartbeat } = workerClass.capabilities
      this.#prover = heartbeat
      this.#limit.isSingle = concurrency === 'single'
      const { balance } = this.#init
      // A worker that takes one connection at a time does not accumulate them.
      if (balance && !this.#limit.isSingle)
        this.#balance = Balance.open(balance, count => this.#worker?.shed(count))
      this.#heartbeat.start(this.#prover)
      const context = await createContext(workerClass, {
        init: this.#init,
        adoption: this.#adoption,
        listeners: this.#listeners,
        log: this.#log,
        ledger: this.#ledger,
        heartbeat: this.#heartbeat,
        accessLog: this.#accessLog,
        appLink: this.#appLink,
        retire: reason => this.retire(reason),
        allBegun: () => this.#appSignal?.send(),
      })
      if (wantsWatchdog(workerClass, context, this.#init)) await this.#watching.want()
      this.#worker = new HostedWorker(await workerClass.create(context), this.#log, () =>
        this.#appLink.shutDown(),
      )
      await this.#worker.boot()
      this.#debuggers.booted()
      await this.#adoption.settle()
      await this.#hooks?.required('postWorkerInit')
      await this.#appLink.readiness.wait(this.#channel)
    } catch (error) {
      return this.#failBoot(error)
    }
    if (this.#state !== 'booting') return
    await this.#watching.booted()
    if (this.#state !== 'booting') return
    this.#appSignal?.booted()
    this.#state = 'standby'
    await this.#channel.send({ type: 'booted' })
    // The arbiter needs this before the first request.
    if (this.#prover === 'host') this.#heartbeat.beatNow()
  }

  receive(message: ToHost, handle: ServerHandle | undefined): void {
    switch (message.type) {
      case 'init':
        return
      case 'handle':
        if (handle) this.#listeners[message.index]?.receive(handle)
        return
      case 'serve':
        void this.#serve()
        return
      case 'drain':
        if (message.isQuick) void this.#hooks?.optional('workerInt')
        void this.drain(message.deadlineMs)
        return
      case 'broadcast':
        return this.#appLink.broadcasts.deliver(message.items)
      case 'addresses':
      case 'address-refused':
        return this.#adoption.receive(message)
      case 'renew-tls':
        for (const listener of this.#listeners) listener.renewTls(message.tls)
        return
      case 'reopen':
        return this.#accessLog?.reopen()
      case 'examine':
        return void this.#examine(message)
      case 'inspect':
        return void this.#debuggers.carryOut(message.order)
      default:
        return assertNever(message)
    }
  }

  /** The module is loaded only when somebody asks for an examination. */
  async #examine(order: Extract<ToHost, { readonly type: 'examine' }>): Promise<void> {
    const { examine } = await import('./examine.js')
    await this.#channel.send(await examine(order, this.#watching.watchdog))
  }

  /** Lets requests in flight finish for at most `deadlineMs`, then ends the process. A second call only shortens the time. */
  async drain(deadlineMs: number, exitCode: number = exitCodes.ok): Promise<void> {
    this.#deadline.shorten(deadlineMs)
    if (this.#state === 'draining' || this.#state === 'closed') return
    const wasServing = this.#state === 'serving'
    this.#state = 'draining'
    this.#balance?.close()
    for (const listener of this.#listeners) listener.release()
    this.#appSignal?.begin(deadlineMs)
    if (wasServing) await this.#worker?.drain(this.#deadline.signal)
    this.#appSignal?.send()
    await this.#hooks?.settled()
    // Sent only after this: the arbiter then regards the worker as closed and expects its end.
    await this.#worker?.close(this.#deadline.signal)
    await this.#appSignal?.end(this.#deadline.signal)
    await this.#channel.send({ type: 'drained', ended: this.#ledger.ended })
    await this.#end(exitCode)
  }

  /** The channel to the arbiter is gone: nobody supervises this process any more. */
  orphaned(): void {
    this.#log.warn('The arbiter is gone')
    void this.drain(orphanDrainMs, exitCodes.error)
  }

  async #serve(): Promise<void> {
    if (this.#state !== 'standby') return
    this.#state = 'serving'
    try {
      await this.#worker?.serve()
    } catch (error) {
      if (this.#state === 'serving') return this.#failBoot(error)
      // What it already serves is still finished.
      this.#log.error('The worker class failed to serve while it was to drain', { error })
      return
    }
    this.#appLink.sayServing()
    await this.#channel.send({ type: 'serving' })
  }

  async #loadClass(): Promise<AnyWorkerClass> {
    const module: unknown = await import(this.#init.workerClassUrl)
    return parseWorkerClass(module, this.#init.workerClassUrl)
  }

  async #failBoot(error: unknown): Promise<void> {
    if (this.#state === 'closed') return
    const { code, message, evidence, exitCode } = bootFailure(error)
    this.#log.error('Worker failed to boot', { error: evidence, code })
    await this.#channel.send({ type: 'boot-failed', code, message })
    await this.#end(exitCode)
  }

  async #end(exitCode: number): Promise<void> {
    if (this.#state === 'closed') return
    this.#state = 'closed'
    await this.#worker?.close()
    await this.#hooks?.optional('workerExit')
    this.#heartbeat.stop()
    await this.#watching.stop()
    await Promise.all([this.#appLink.metrics.close(), this.#accessLog?.settled()])
    await this.#debuggers.end()
    // The app's timers and pools must not keep the process alive.
    process.exit(exitCode)
  }
}
