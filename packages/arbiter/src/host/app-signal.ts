/**
 * Tells the app that its worker drains, in the way that apps know: its listeners for SIGTERM are called. One that ends its
 * process does so when the last request is done, and has until the deadline for it.
 */
import { once } from 'node:events'
import { IdleWatch } from '../app/idle-watch.js'
import { isThenable } from '../is-thenable.js'
import { isOwnListener, ownListener } from '../own-listener.js'

/** Of a drain. */
const deadlineTimers = 1

export class AppSignal {
  readonly #exit = process.exit
  /** A signal that has really come: the app has heard of it. */
  #isDelivered = false
  #isSent = false
  #idleWatch: IdleWatch | undefined
  #answers: readonly unknown[] = []
  readonly #wanted: Promise<void>
  #want: () => void = () => {}

  constructor() {
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

  /** Whether anything of the app's was called. */
  get isHeard(): boolean {
    return this.#answers.length > 0
  }

  /** The app is loaded: what there is now stays for as long as it lives. */
  booted(): void {
    this.#idleWatch = new IdleWatch(deadlineTimers)
  }

  /** Calls what listens to SIGTERM, once. Until `release`, the app cannot end the process. */
  send(failed: (error: unknown) => void): void {
    if (this.#isSent) return
    this.#isSent = true
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
        return isThenable(answer) ? answer.then(undefined, failed) : answer
      } catch (error) {
        return failed(error)
      }
    })
  }

  /** Resolves when the app wants to end, has nothing left to do, or `deadline` aborts. */
  async done(deadline: AbortSignal): Promise<void> {
    if (!this.isHeard || deadline.aborted) return
    const settled = new AbortController()
    const quiet = Promise.all(this.#answers).then(() => this.#idleWatch?.idle(settled.signal))
    await Promise.race([this.#wanted, quiet, once(deadline, 'abort')])
    settled.abort()
  }

  /** The process may be ended. */
  release(): void {
    process.exit = this.#exit
  }
}
