/** Reloads, one after the other: what they do beside the rollout, and what is said of them. */
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
  /** Resolves when nothing is in the way. @throws TunicornError `ARBITER_STOPPED` */
  mayBegin(): Promise<void>
  /** Reads the configuration and binds what it names. */
  prepare(): Promise<Generation>
  rollout(generation: Generation): Promise<void>
  /** Of the configuration that is in force. */
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

  /** A reload that is asked for while one runs follows it, once however often it is asked for. */
  request(): Promise<void> {
    if (this.#next) return this.#next
    if (!this.#current) return this.#run()
    // The one before may have failed: this one may be what mends it.
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

/** What a reload is refused with when the server ends. */
export function notRunning(): TunicornError {
  return new TunicornError('ARBITER_STOPPED', 'The arbiter is not running')
}
