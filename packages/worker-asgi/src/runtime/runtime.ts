/** What all requests of a worker share. */

import { setMaxListeners } from 'node:events'
import type { Logger, WorkerContext } from '@tunicorn/arbiter/worker'
import { ForwardedReader } from '@tunicorn/http'
import type { App } from '../protocol/app.js'
import type { State } from '../protocol/scopes.js'
import type { AsgiOptions } from './options.js'
import { SendableFields } from './sendable-fields.js'
import { Tasks } from './tasks.js'

export type RuntimeContext = Pick<
  WorkerContext<AsgiOptions>,
  'age' | 'listeners' | 'settings' | 'options' | 'log'
>

export class Runtime {
  readonly app: App
  readonly options: AsgiOptions
  readonly log: Logger
  readonly workerId: number
  readonly forwarded: ForwardedReader
  readonly tasks: Tasks
  readonly sendable: SendableFields = new SendableFields()
  /** Names and values in turn: the fields that every response has in addition to those of the app. */
  readonly defaultFields: readonly string[]
  /** Whether the default fields include `Server` because of the option `serverHeader`. */
  readonly namesServer: boolean
  /** The server's name for connections over a Unix socket. */
  readonly unixPath: string | undefined
  /** The state that the lifespan has left. It is copied for each request. Absent without a lifespan. */
  state: State | undefined = undefined
  readonly #drain = new AbortController()

  constructor(app: App, context: RuntimeContext) {
    const { options, log } = context
    this.app = app
    this.options = options
    this.log = log
    this.workerId = context.age
    this.forwarded = new ForwardedReader(context.settings)
    this.tasks = new Tasks(log)
    this.namesServer = options.serverHeader && !options.headers.some(([name]) => /^server$/i.test(name))
    this.defaultFields = options.headers.flat()
    this.unixPath = context.listeners
      .map(({ address }) => address)
      .find(address => typeof address === 'string')
    // Every endless response may add a listener.
    setMaxListeners(0, this.#drain.signal)
  }

  /** Aborts when the worker begins to drain. */
  get draining(): AbortSignal {
    return this.#drain.signal
  }

  get isDraining(): boolean {
    return this.#drain.signal.aborted
  }

  drain(): void {
    this.#drain.abort()
  }
}
