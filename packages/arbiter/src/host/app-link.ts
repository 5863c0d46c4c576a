/** What an app may learn about its server, and what it may say to it. Must be created before the app is loaded. */
import { installAppBridge } from '../app/app-bridge.js'
import type { AppBroadcasts } from '../app/broadcasts.js'
import type { Logger } from '../contract/logger.js'
import type { LoadedApp } from '../contract/worker-class.js'
import { AppMetricsWriter } from '../protocol/app-metrics-record.js'
import type { WorkerInit } from '../protocol/messages.js'
import { AppMetrics } from './app-metrics.js'
import { AppReadiness } from './app-readiness.js'
import { createBroadcasts } from './broadcast-sender.js'
import type { HostChannel } from './channel.js'

export class AppLink {
  readonly readiness: AppReadiness
  readonly broadcasts: AppBroadcasts
  readonly metrics: AppMetrics
  #saysServing: () => void = () => {}
  #isAppHere = false
  #shutdown: LoadedApp['shutdown']

  constructor(
    channel: HostChannel,
    { flightFd, settings }: Pick<WorkerInit, 'flightFd' | 'settings'>,
    log: Logger,
  ) {
    // Without a file, metrics stay in this process.
    const writer = flightFd === undefined ? undefined : new AppMetricsWriter(flightFd)
    this.metrics = new AppMetrics({ write: text => writer?.write(text), warn: text => log.warn(text) })
    const serving = new Promise<void>(resolve => {
      this.#saysServing = resolve
    })
    this.broadcasts = createBroadcasts(channel)
    installAppBridge({
      serving,
      broadcasts: this.broadcasts,
      exposeMetrics: registry => this.metrics.expose(registry),
    })
    this.readiness = new AppReadiness(settings.waitReady)
  }

  /** The app is loaded by the main thread, not by a thread of the worker class. */
  sayLoading(): void {
    this.#isAppHere = true
  }

  get isAppHere(): boolean {
    return this.#isAppHere
  }

  /** Keeps the function that the app wants called at the end. */
  loaded(app: LoadedApp): LoadedApp {
    this.#shutdown = app.shutdown
    return app
  }

  /** Calls the function that the app exports for its shutdown. */
  async shutDown(): Promise<void> {
    await this.#shutdown?.()
  }

  /** The worker is now serving. */
  sayServing(): void {
    this.#saysServing()
  }
}
