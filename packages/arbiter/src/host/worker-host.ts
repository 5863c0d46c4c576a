/**
 * Runs one worker of a worker class: owns its states, heartbeat and request accounting, and carries out the
 * arbiter's orders. A worker class implements only how connections become app calls.
 */
import { once } from 'node:events'
import type { AccessLog } from '../access-log/access-log.js'
import { installAppBridge } from '../app/app-bridge.js'
import type { AppBroadcasts } from '../app/broadcasts.js'
import { loadApp } from '../app/load.js'
import { assertNever } from '../assert-never.js'
import { parseWorkerClass } from '../contract/validate.js'
import type { AnyWorkerClass, Worker, WorkerContext } from '../contract/worker-class.js'
import { TunicornError } from '../errors.js'
import { exitCodeFor, exitCodes } from '../exit-codes.js'
import { ConnectionPage } from '../protocol/connection-page.js'
import type { ToHost, WorkerInit } from '../protocol/messages.js'
import type { ServerHandle } from '../sockets/handle.js'
import { AppReadiness } from './app-readiness.js'
import { AppSignal } from './app-signal.js'
import { Balance } from './balance.js'
import { createBroadcasts } from './broadcast-sender.js'
import type { HostChannel } from './channel.js'
import { createWorkerLogger } from './diagnostics.js'
import { FlightRecorder } from './flight-recorder.js'
import { Heartbeat } from './heartbeat.js'
import { HostAdoption } from './host-adoption.js'
import { HostListener } from './host-listener.js'
import { loadHooks, openAccessLog, startWatchdog, type Watched } from './optional-parts.js'
import { RequestLedger } from './request-ledger.js'
import type { Watchdog } from './watchdog.js'
import { WorkerFigureReader } from './worker-figures.js'
import type { WorkerHookRunner } from './worker-hooks.js'
import { limitReason, requestLimit, validOptions, wantsWatchdog } from './worker-limits.js'

type HostState = 'booting' | 'standby' | 'serving' | 'draining' | 'closed'

/** How long requests in flight get when the arbiter is gone. */
const orphanDrainMs = 1_000
/** How long a worker class may take to release what it holds. */
const closeMs = 1_500

export class WorkerHost {
  readonly #init: WorkerInit
  readonly #channel: HostChannel
  readonly #readiness: AppReadiness
  readonly #broadcasts: AppBroadcasts
  #saysServing: () => void = () => {}
  readonly #watchdogUrl: URL
  readonly #listeners: readonly HostListener[]
  readonly #log = createWorkerLogger()
  readonly #recorder: FlightRecorder | undefined
  readonly #ledger: RequestLedger
  readonly #heartbeat: Heartbeat
  readonly #adoption: HostAdoption
  readonly #appSignal: AppSignal | undefined
  #closing: Promise<void> | undefined
  readonly #figures = new WorkerFigureReader(problem =>
    this.#log.warn(`Some of what the worker class says in \`stats\` is left out: ${problem}`),
  )
  readonly #deadline = new AbortController()
  #deadlineTimer: NodeJS.Timeout | undefined
  #worker: Worker | undefined
  #watchdog: Watchdog | undefined
  #hooks: WorkerHookRunner | undefined
  #accessLog: AccessLog | undefined
  #balance: Balance | undefined
  #prover: 'host' | 'worker' = 'host'
  #serving: Promise<void> | undefined
  #isSingle = false
  #isWatched = false
  readonly #limit: number
  #state: HostState = 'booting'

  /** `watchdogUrl`: the module of the watchdog's thread. */
  constructor(init: WorkerInit, channel: HostChannel, watchdogUrl: URL) {
    this.#watchdogUrl = watchdogUrl
    this.#init = init
    this.#channel = channel
    const serving = new Promise<void>(resolve => {
      this.#saysServing = resolve
    })
    this.#broadcasts = createBroadcasts(channel)
    installAppBridge({ serving, broadcasts: this.#broadcasts })
    this.#readiness = new AppReadiness(init.settings.waitReady)
    this.#recorder = init.flightFd === undefined ? undefined : new FlightRecorder(init.flightFd)
    this.#ledger = new RequestLedger(
      { begun: count => this.#onBegun(count), ended: () => this.#onEnded() },
      this.#recorder,
    )
    this.#limit = requestLimit(init)
    this.#listeners = init.listeners.map(
      ({ address, isTls }, index) =>
        new HostListener({ address, ...(isTls && init.tls && { tls: init.tls }) }, init.settings.backlog, {
          request: count => void channel.send({ type: 'want-handles', index, count }),
          isWantedAgain: () => this.#mayAcceptAgain,
          balance: () => this.#balance,
          lost: error => this.#listenerLost(error),
        }),
    )
    this.#appSignal = init.isAppSignalled ? new AppSignal() : undefined
    const retire = (reason: string): void => this.retire(reason)
    this.#adoption = new HostAdoption({ init, channel, listeners: this.#listeners, log: this.#log, retire })
    this.#heartbeat = new Heartbeat(init.heartbeatMs, {
      ledger: this.#ledger,
      figures: () => this.#figures.read(() => this.#worker?.stats?.()),
      beat: sample => void channel.send({ type: 'heartbeat', sample }),
    })
  }

  /** Asks the arbiter to be replaced. */
  retire(reason: string): void {
    void this.#channel.send({ type: 'retire', reason })
  }

  #listenerLost(error: TunicornError): void {
    this.#log.error('A listener could not be resumed', { error })
    this.retire('a listener could not be resumed')
  }

  #onBegun(count: number): void {
    // A worker that ends with its request costs a process anyway; one that goes on should not pay for a message each time.
    if (this.#isSingle && this.#prover === 'worker' && this.#limit > 0) this.#heartbeat.beatNow()
    if (count === this.#limit && !this.#isSingle) this.retire(limitReason(count))
  }

  /** A worker that takes its last connection now needs no further handle. */
  get #mayAcceptAgain(): boolean {
    if (this.#state !== 'serving') return false
    return !this.#isSingle || this.#limit === 0 || this.#ledger.begun + 1 < this.#limit
  }

  /** A worker with one request at a time is idle at its limit: nothing has to be ready before it goes. */
  #onEnded(): void {
    const { begun } = this.#ledger
    if (!this.#isSingle || this.#limit === 0 || begun < this.#limit || this.#state !== 'serving') return
    void this.#channel.send({ type: 'leaving', reason: limitReason(begun), ended: this.#ledger.ended })
    void this.drain(this.#init.settings.gracefulTimeout * 1_000)
  }

  get ledger(): RequestLedger {
    return this.#ledger
  }

  /** The process ends because it is to. */
  get isEnded(): boolean {
    return this.#state === 'closed'
  }

  /** Boots to standby. A failed boot ends the process with the exit code of the error. */
  async boot(): Promise<void> {
    try {
      this.#hooks = await loadHooks(this.#init, this.#log)
      await this.#hooks?.required('postFork')
      const workerClass = await this.#loadClass()
      this.#accessLog = await openAccessLog(this.#init, this.#log)
      for (const watcher of [this.#accessLog, this.#hooks]) if (watcher) this.#ledger.watch(watcher)
      const { concurrency, heartbeat } = workerClass.capabilities
      this.#prover = heartbeat
      this.#isSingle = concurrency === 'single'
      const { balance } = this.#init
      // One that takes a connection at a time does not pile them up.
      if (balance && !this.#isSingle) this.#balance = this.#makeBalance(balance)
      this.#heartbeat.start(this.#prover)
      const context = await this.#context(workerClass)
      this.#isWatched = wantsWatchdog(workerClass, context, this.#init)
      this.#worker = await workerClass.create(context)
      await this.#worker.boot()
      await this.#adoption.settle()
      await this.#hooks?.required('postWorkerInit')
      await this.#readiness.wait(this.#channel)
    } catch (error) {
      return this.#failBoot(error)
    }
    if (this.#state !== 'booting') return
    // Before the first request: that one may already block the event loop.
    if (this.#isWatched) this.#watchdog = await startWatchdog(this.#watched, this.#log)
    if (this.#state !== 'booting') return
    this.#appSignal?.booted()
    this.#state = 'standby'
    await this.#channel.send({ type: 'booted' })
    // What it needs before its first request.
    if (this.#prover === 'host') this.#heartbeat.beatNow()
  }

  get #watched(): Watched {
    return {
      threadUrl: this.#watchdogUrl,
      timeoutMs: this.#init.settings.timeout * 1_000,
      ledger: this.#ledger,
      recorder: this.#recorder,
    }
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
        return this.#broadcasts.deliver(message.items)
      case 'addresses':
      case 'address-refused':
        return this.#adoption.receive(message)
      case 'reopen':
        return this.#accessLog?.reopen()
      case 'examine':
        return void this.#examine(message)
      default:
        return assertNever(message)
    }
  }

  /** Loaded only when somebody asks. */
  async #examine(order: Extract<ToHost, { readonly type: 'examine' }>): Promise<void> {
    const { examine } = await import('./examine.js')
    await this.#channel.send(await examine(order, this.#watchdog))
  }

  /** Lets requests in flight finish, at most for `deadlineMs`, and ends the process. A second call only shortens. */
  async drain(deadlineMs: number, exitCode: number = exitCodes.ok): Promise<void> {
    clearTimeout(this.#deadlineTimer)
    this.#deadlineTimer = setTimeout(() => this.#deadline.abort(), deadlineMs)
    if (this.#state === 'draining' || this.#state === 'closed') return
    const wasServing = this.#state === 'serving'
    this.#state = 'draining'
    this.#balance?.close()
    for (const listener of this.#listeners) listener.release()
    const log = this.#log
    this.#appSignal?.send(error => log.error('The app failed on SIGTERM', { error }))
    if (wasServing) await this.#drainWorker()
    await this.#hooks?.settled()
    if (this.#appSignal?.isHeard) await this.#awaitApp(this.#appSignal)
    await this.#channel.send({ type: 'drained', ended: this.#ledger.ended })
    await this.#end(exitCode)
  }

  /** What closes its server to end its process is told first that the server is closed. */
  async #awaitApp(appSignal: AppSignal): Promise<void> {
    await this.#closeWorker()
    await appSignal.done(this.#deadline.signal)
    process.emit('beforeExit', 0)
    appSignal.release()
  }

  /** The channel to the arbiter is gone: nobody supervises this process any more. */
  orphaned(): void {
    this.#log.warn('The arbiter is gone')
    void this.drain(orphanDrainMs, exitCodes.error)
  }

  /** Once it serves: a worker class is never told the next thing in the middle of the one before. */
  async #drainWorker(): Promise<void> {
    const { signal } = this.#deadline
    await Promise.race([this.#serving, aborted(signal)])
    try {
      await this.#worker?.drain(signal)
    } catch (error) {
      this.#log.error('The worker class failed to drain', { error })
    }
  }

  async #serve(): Promise<void> {
    if (this.#state !== 'standby') return
    this.#state = 'serving'
    try {
      const serving = this.#worker?.serve()
      this.#serving = serving?.catch(() => {})
      await serving
    } catch (error) {
      if (this.#state === 'serving') return this.#failBoot(error)
      // What it serves already is finished all the same.
      this.#log.error('The worker class failed to serve while it was to drain', { error })
      return
    }
    this.#saysServing()
    await this.#channel.send({ type: 'serving' })
  }

  #makeBalance({ fd, seat }: NonNullable<WorkerInit['balance']>): Balance {
    const page = new ConnectionPage(fd)
    return new Balance({ page, seat, shed: count => this.#worker?.shed?.(count) })
  }

  async #loadClass(): Promise<AnyWorkerClass> {
    const module: unknown = await import(this.#init.workerClassUrl)
    return parseWorkerClass(module, this.#init.workerClassUrl)
  }

  async #context(workerClass: AnyWorkerClass): Promise<WorkerContext> {
    const init = this.#init
    const { appKinds } = workerClass.capabilities
    const adoption = init.settings.adoptListen ? this.#adoption : undefined
    return {
      group: init.group,
      age: init.age,
      generation: init.generation,
      slot: init.slot,
      app: {
        url: init.app.url,
        exportName: init.app.exportName,
        kind: init.app.kind,
        load: () => loadApp({ ...init.app, adoption }, appKinds),
        ...(adoption && { adoption }),
      },
      listeners: this.#listeners,
      settings: init.settings,
      options: await validOptions(workerClass, init.options),
      log: this.#log,
      notify: () => this.#heartbeat.notify(),
      beginRequest: head => this.#ledger.begin(head),
      refused: reason => this.#ledger.refuse(reason),
      ...(this.#accessLog?.needs && { outcomeDetails: this.#accessLog.needs }),
      broadcast: (data, options) => this.#broadcasts.broadcast(data, options),
      onBroadcast: listener => this.#broadcasts.subscribe(listener),
      appReady: () => this.#readiness.say(),
      retire: reason => this.retire(reason),
    }
  }

  async #failBoot(error: unknown): Promise<void> {
    if (this.#state === 'closed') return
    const code = error instanceof TunicornError ? error.code : 'BOOT_FAILED'
    const message = error instanceof Error ? error.message : String(error)
    const evidence = error instanceof TunicornError && error.cause !== undefined ? error.cause : error
    this.#log.error('Worker failed to boot', { error: evidence, code })
    await this.#channel.send({ type: 'boot-failed', code, message })
    const exitCode = exitCodeFor(error)
    await this.#end(exitCode === exitCodes.appLoadFailed ? exitCode : exitCodes.bootFailed)
  }

  async #end(exitCode: number): Promise<void> {
    if (this.#state === 'closed') return
    this.#state = 'closed'
    await this.#closeWorker()
    await this.#hooks?.optional('workerExit')
    this.#heartbeat.stop()
    await this.#watchdog?.stop()
    await this.#accessLog?.settled()
    // Timers and pools of the app must not keep the process.
    process.exit(exitCode)
  }

  #closeWorker(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    try {
      await Promise.race([
        this.#worker?.close(),
        new Promise(resolve => setTimeout(resolve, closeMs).unref()),
      ])
    } catch (error) {
      this.#log.error('The worker class failed to close', { error })
    }
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return signal.aborted ? Promise.resolve() : once(signal, 'abort').then(() => {})
}
