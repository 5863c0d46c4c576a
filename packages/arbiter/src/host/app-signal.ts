/**
 * Tells the app that its worker drains, in the way that apps already understand: it calls their listeners for SIGTERM. If a
 * listener calls `process.exit`, the exit is deferred until the last request is done. The app has until the deadline.
 */
import { once } from 'node:events'
import { emitBeforeExit } from '../app/before-exit.js'
import { IdleWatch } from '../app/idle-watch.js'
import type { Logger } from '../contract/logger.js'
import { isThenable } from '../is-thenable.js'
import { isOwnListener, ownListener } from '../own-listener.js'

/** How many timers a drain adds for its deadline. */
const deadlineTimers = 1
/** The longest time for which a drain is kept from the app because requests may still begin. */
const tellMs = 2_000

export class AppSignal {
  readonly #exit = process.exit
  /** A real SIGTERM has arrived, so the app has already seen it. */
  #isDelivered = false
  readonly #log: Logger
  #state: 'serving' | 'draining' | 'sent' = 'serving'
  #late: NodeJS.Timeout | undefined
  #idleWatch: IdleWatch | undefined
  #answers: readonly unknown[] = []
  readonly #wanted: Promise<void>
  #want: () => void = () => {}

  constructor(log: Logger) {
    this.#log = log
    this.#wanted = new Promise(resolve => {
      this.#want = resolve
    })
    process.on(
      'SIGTERM',
      ownListener(() => {
        this.#isDelivered = true
        this.#want()
      }),
    )
  }

  /** The app is loaded. Whatever exists now stays for as long as the process lives. */
  booted(): void {
    this.#idleWatch = new IdleWatch(deadlineTimers)
  }

  /** The worker drains. The app is told when no further request can begin (the host then calls `send`), or soon in any case. */
  begin(deadlineMs: number): void {
    this.#state = 'draining'
    this.#late = setTimeout(() => this.send(), Math.min(tellMs, deadlineMs / 2))
  }

  /** Calls the listeners for SIGTERM, once per drain. Until `end`, the app cannot end the process. */
  send(): void {
    if (this.#state !== 'draining') return
    this.#state = 'sent'
    clearTimeout(this.#late)
    // Raw listeners: a wrapper from `once` removes itself when called.
    const listeners = process.rawListeners('SIGTERM').filter(listener => !isOwnListener(listener))
    if (listeners.length === 0 || this.#isDelivered) return
    const defer = (code?: number | string | null): void => {
      if (code != null) process.exitCode = code
      this.#want()
    }
    // Unlike Node's `process.exit`, this one returns to the app.
    process.exit = defer as typeof process.exit
    this.#answers = listeners.map(listener => {
      try {
        const answer: unknown = Reflect.apply(listener, process, ['SIGTERM', 15])
        return isThenable(answer) ? answer.then(undefined, error => this.#failed(error)) : answer
      } catch (error) {
        return this.#failed(error)
      }
    })
  }

  /**
   * Resolves when `deadline` aborts. Resolves earlier when the app wants to exit or has nothing left to do, and the work that it
   * began on `beforeExit` is done.
   */
  async end(deadline: AbortSignal): Promise<void> {
    if (this.#answers.length === 0) return
    if (!deadline.aborted) await this.#done(deadline)
    await emitBeforeExit(deadline)
    process.exit = this.#exit
  }

  async #done(deadline: AbortSignal): Promise<void> {
    const settled = new AbortController()
    const quiet = Promise.all(this.#answers).then(() => this.#idleWatch?.idle(settled.signal))
    await Promise.race([this.#wanted, quiet, once(deadline, 'abort')])
    settled.abort()
  }

  #failed(error: unknown): void {
    this.#log.error('The app failed on SIGTERM', { error })
  }
}
