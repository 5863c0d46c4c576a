/** Runs reloads one after the other: what they do in addition to the rollout, and how they are reported. */
import { TunicornError } from '../errors.js'
import type { ArbiterHooks } from '../hooks/hooks.js'
import type { ArbiterLog } from '../output/logger.js'
import type { ArbiterHookRunner } from '../supervision/hook-runner.js'
import type { Generation } from '../supervision/launch.js'
import type { Observers } from '../supervision/observers.js'

export interface ReloadParts {
  readonly log: ArbiterLog
  readonly hooks: ArbiterHookRunner
  readonly observers: Observers
  /** Resolves when the reload may begin. @throws TunicornError `ARBITER_STOPPED` */
  mayBegin(): Promise<void>
  /** Reads the configuration and binds what it names. */
  prepare(): Promise<Generation>
  rollout(generation: Generation): Promise<void>
  /** The hooks of the configuration that is in force. */
  runningHooks(): ArbiterHooks
}

export class Reloads {
  readonly #parts: ReloadParts
  #current: Promise<void> | undefined
  #next: Promise<void> | undefined
  #isRunning = false

  constructor(parts: ReloadParts) {
    this.#parts = parts
  }

  get isRunning(): boolean {
    return this.#isRunning
  }

  /** Any number of requests made while a reload runs lead to one more reload after it. */
  request(): Promise<void> {
    if (this.#next) return this.#next
    if (!this.#current) return this.#run()
    // The reload before it may have failed, and this one may bring the fix.
    this.#next = this.#current.catch(() => {}).then(() => this.#run())
    return this.#next
  }

  #run(): Promise<void> {
    this.#next = undefined
    this.#current = this.#reload().finally(() => {
      this.#current = undefined
    })
    return this.#current
  }

  async #reload(): Promise<void> {
    const { log, hooks, observers } = this.#parts
    await this.#parts.mayBegin()
    log.info('Reloading')
    this.#isRunning = true
    observers.reloadBegun()
    try {
      const generation = await this.#parts.prepare()
      hooks.replace(generation.config.hooks)
      hooks.reload()
      await this.#parts.rollout(generation)
      log.info('Reload done', { gen: generation.number })
      this.#isRunning = false
      observers.reloadEnded({ type: 'done', generation: generation.number })
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      const isRolledBack = error instanceof TunicornError && error.code === 'RELOAD_ROLLED_BACK'
      log.error(`Reload ${isRolledBack ? 'rolled back' : 'failed'}: ${message}`)
      hooks.replace(this.#parts.runningHooks())
      this.#isRunning = false
      observers.reloadEnded({ type: 'failed', error, isRolledBack })
      throw error
    }
  }
}

/** The error with which a reload is refused while the server ends. */
export function notRunning(): TunicornError {
  return new TunicornError('ARBITER_STOPPED', 'The arbiter is not running')
}
