/** An app that is being loaded and may call `listen`. Waits for the app, but no longer than it can still be expected to listen. */
import type { AppAdoption } from '../contract/adoption.js'
import { asMainModule } from './as-main-module.js'
import { IdleWatch } from './idle-watch.js'
import { type AppModule, importApp, type ModuleSource } from './import-app.js'
import type { ListenInterception } from './listen-interception.js'

interface LoadingParts {
  readonly interception: ListenInterception
  readonly adoption: AppAdoption
}

export class LoadingApp {
  readonly #interception: ListenInterception
  readonly #patience: AbortSignal
  readonly #idleWatch = new IdleWatch()
  readonly #module: Promise<AppModule>
  #isSettled = false

  /** Begins to load the app as the main module. */
  constructor(source: ModuleSource, { interception, adoption }: LoadingParts) {
    this.#interception = interception
    const { patienceMs } = adoption
    this.#patience = patienceMs === 0 ? new AbortController().signal : AbortSignal.timeout(patienceMs)
    this.#module = asMainModule(source.url, () => importApp(source))
    this.#module.catch(error => {
      // Nobody waits for the module any more, so this is like any other error of the app.
      if (this.#isSettled) throw error
    })
  }

  /** The module's exports, or nothing if the app listens while its top-level `await` never settles. */
  module(): Promise<AppModule> {
    const { taken } = this.#interception
    const waits = taken.then(() => this.#idleWatch.idle(this.#patience)).then(() => ({}))
    return this.#orFailed([this.#module, waits])
  }

  /** Resolves when a server of the app listens, or none can be expected to. */
  listens(): Promise<void> {
    const { taken } = this.#interception
    return this.#orFailed([taken, this.#idleWatch.idle(this.#patience)])
  }

  /** Resolves when the app can know where it is served. Later errors are the app's own. */
  async settled(): Promise<void> {
    await this.#orFailed([this.#interception.settled()])
    // If a second server listens in the same turn, that is still an error of the start.
    await this.#orFailed([new Promise<void>(resolve => setImmediate(resolve))])
    this.#isSettled = true
    this.#interception.loaded()
  }

  #orFailed<Value>(waited: readonly Promise<Value>[]): Promise<Value> {
    return Promise.race([this.#interception.failed, ...waited])
  }
}
