/** The life of a worker as the app sees it: one call that begins with start-up and ends with shutdown. */
import { type Logger, TunicornError } from '@tunicorn/arbiter/worker'
import type { App, Receive, Send } from '../protocol/app.js'
import { AsgiProtocolError } from '../protocol/errors.js'
import type { LifespanReceiveEvent, LifespanSendEvent } from '../protocol/lifespan-events.js'
import type { State as AppState, LifespanScope } from '../protocol/scopes.js'
import type { AsgiOptions } from '../runtime/options.js'

type State = 'starting' | 'running' | 'stopping' | 'over'

/** How a phase ended. */
type Outcome =
  | { readonly type: 'complete' }
  | { readonly type: 'failed'; readonly message: string }
  /** The app ended without an answer. */
  | { readonly type: 'ended'; readonly error?: unknown }
  | { readonly type: 'timeout' }

const startup: LifespanReceiveEvent = Object.freeze({ type: 'lifespan.startup' })
const shutdown: LifespanReceiveEvent = Object.freeze({ type: 'lifespan.shutdown' })

export class Lifespan {
  readonly #app: App
  readonly #options: AsgiOptions
  readonly #log: Logger
  readonly #appState: AppState = {}
  #state: State = 'starting'
  #events: LifespanReceiveEvent[] = [startup]
  #waiting: ((event: LifespanReceiveEvent) => void) | undefined
  #settle: ((outcome: Outcome) => void) | undefined
  #hasEnded = false
  #starting: Promise<unknown> | undefined
  #stopping: Promise<void> | undefined

  constructor(app: App, options: AsgiOptions, log: Logger) {
    this.#app = app
    this.#options = options
    this.#log = log
  }

  /**
   * Resolves with the state for requests when the app has started up, or with `undefined` when it has no lifespan.
   *
   * @throws TunicornError `BOOT_FAILED` when start-up fails or takes too long
   */
  async start(): Promise<AppState | undefined> {
    const { lifespan, lifespanStartupTimeout } = this.#options
    if (lifespan === 'off') return undefined
    const starting = this.#phase(lifespanStartupTimeout)
    this.#starting = starting
    this.#call()
    const outcome = await starting
    if (outcome.type === 'complete') {
      this.#state = 'running'
      return this.#appState
    }
    this.#state = 'over'
    if (outcome.type === 'ended' && lifespan === 'auto') {
      this.#log.debug('ASGI lifespan protocol appears unsupported.', { error: outcome.error })
      return undefined
    }
    throw bootFailed(outcome, lifespanStartupTimeout)
  }

  /** Tells the app to shut down. Resolves when it has done so or has failed; never rejects. Idempotent. */
  stop(deadline?: AbortSignal): Promise<void> {
    this.#stopping ??= this.#stop(deadline)
    return this.#stopping
  }

  async #stop(deadline: AbortSignal | undefined): Promise<void> {
    // An app that is starting is stopped once it has started.
    await this.#starting
    if (this.#state !== 'running' || this.#hasEnded) return
    this.#state = 'stopping'
    const stopping = this.#phase(this.#options.lifespanShutdownTimeout)
    const expire = (): void => this.#settle?.({ type: 'timeout' })
    deadline?.addEventListener('abort', expire, { once: true })
    this.#deliver(shutdown)
    const outcome = await stopping
    deadline?.removeEventListener('abort', expire)
    this.#state = 'over'
    if (outcome.type === 'failed') this.#log.error('Application shutdown failed', { error: outcome.message })
    else if (outcome.type === 'timeout') this.#log.error('Application shutdown did not end in time')
    else if (outcome.type === 'ended' && outcome.error !== undefined)
      this.#log.error('Application shutdown failed', { error: outcome.error })
  }

  /** Resolves when the app has answered, has ended, or is too late. `timeout` is in seconds; 0 = no limit. */
  #phase(timeout: number): Promise<Outcome> {
    return new Promise(resolve => {
      const timer =
        timeout === 0 ? undefined : setTimeout(() => this.#settle?.({ type: 'timeout' }), timeout * 1000)
      this.#settle = outcome => {
        this.#settle = undefined
        clearTimeout(timer)
        resolve(outcome)
      }
    })
  }

  #call(): void {
    const scope: LifespanScope = {
      type: 'lifespan',
      asgi: Object.freeze({ version: '3.0', specVersion: '2.0' }),
      state: this.#appState,
    }
    let result: unknown
    try {
      result = this.#app(scope, this.#receive, this.#send as Send)
    } catch (error) {
      result = Promise.reject(error)
    }
    Promise.resolve(result).then(
      () => this.#ended({ type: 'ended' }),
      (error: unknown) => this.#ended({ type: 'ended', error }),
    )
  }

  #ended(outcome: Outcome & { readonly type: 'ended' }): void {
    this.#hasEnded = true
    if (this.#settle !== undefined) return this.#settle(outcome)
    if (this.#state === 'running' && outcome.error !== undefined)
      this.#log.error('The lifespan of the app failed', { error: outcome.error })
  }

  readonly #receive: Receive<'lifespan'> = () => {
    const event = this.#events.shift()
    if (event !== undefined) return Promise.resolve(event)
    return new Promise(resolve => {
      this.#waiting = resolve
    })
  }

  #deliver(event: LifespanReceiveEvent): void {
    const resolve = this.#waiting
    this.#waiting = undefined
    if (resolve === undefined) this.#events.push(event)
    else resolve(event)
  }

  readonly #send: Send<'lifespan'> = async event => {
    const phase = phases[this.#state]
    const outcome = phase === undefined ? undefined : outcomeOf(event, phase)
    if (outcome === undefined || this.#settle === undefined)
      throw AsgiProtocolError.ofEvent(
        phase === undefined
          ? ['no event now']
          : [`\`lifespan.${phase}.complete\``, `\`lifespan.${phase}.failed\``],
        event,
      )
    this.#settle(outcome)
  }
}

const phases: Readonly<Record<State, 'startup' | 'shutdown' | undefined>> = {
  starting: 'startup',
  running: undefined,
  stopping: 'shutdown',
  over: undefined,
}

function outcomeOf(event: LifespanSendEvent, phase: 'startup' | 'shutdown'): Outcome | undefined {
  if (event?.type === `lifespan.${phase}.complete`) return { type: 'complete' }
  if (event?.type !== `lifespan.${phase}.failed`) return undefined
  const message: unknown = 'message' in event ? event.message : undefined
  return { type: 'failed', message: typeof message === 'string' ? message : '' }
}

function bootFailed(outcome: Exclude<Outcome, { type: 'complete' }>, timeout: number): TunicornError {
  const text = 'Application startup failed. Exiting.'
  if (outcome.type === 'failed')
    return new TunicornError('BOOT_FAILED', outcome.message === '' ? text : `${text} ${outcome.message}`)
  if (outcome.type === 'timeout')
    return new TunicornError(
      'BOOT_FAILED',
      `${text} It took longer than ${timeout} s (lifespanStartupTimeout)`,
    )
  if (outcome.error === undefined)
    return new TunicornError('BOOT_FAILED', `${text} The app returned without answering \`lifespan.startup\``)
  const { error } = outcome
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  return new TunicornError('BOOT_FAILED', `${text} ${what}`, { cause: error })
}
