/**
 * Tells the app that its worker drains, in the way that apps know: its listeners for SIGTERM are called. One that ends its
 * process does so when the last request is done, and has until the deadline for it.
 */
import { once } from 'node:events'
import { emitBeforeExit } from '../app/before-exit.js'
import { IdleWatch } from '../app/idle-watch.js'
import type { Logger } from '../contract/logger.js'
import { isThenable } from '../is-thenable.js'
import { isOwnListener, ownListener } from '../own-listener.js'

/** Of a drain. */
const deadlineTimers = 1
/** How long an app is at most not told of a drain, because requests may still begin. */
const tellMs = 2_000

export class AppSignal {
  readonly #exit = process.exit
  /** A signal that has really come: the app has heard of it. */
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

  /** The app is loaded: what there is now stays for as long as it lives. */
  booted(): void {
    this.#idleWatch = new IdleWatch(deadlineTimers)
  }

  /** The worker drains. The app is told when no further request can begin, which `send` says, or soon. */
  begin(deadlineMs: number): void {
    this.#state = 'draining'
    this.#late = setTimeout(() => this.send(), Math.min(tellMs, deadlineMs / 2))
  }

  /** Calls what listens to SIGTERM, once in a drain. Until `end`, the app cannot end the process. */
  send(): void {
    if (this.#state !== 'draining') return
    this.#state = 'sent'
    clearTimeout(this.#late)
    // Raw: one that listens once removes itself.
    const listeners = process.rawListeners('SIGTERM').filter(listener => !isOwnListener(listener))
    if (listeners.length === 0 || this.#isDelivered) return
    const defer = (code?: number | string | null): void => {
      if (code != null) process.exitCode = code
      this.#want()
    }
    // It returns to the app, which Node's own does not.
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
   * Resolves when the app that was told wants to end, or has nothing left to do, and what it begins on `beforeExit` is done;
   * or `deadline` aborts.
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
