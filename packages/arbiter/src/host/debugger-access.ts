/** Everything that a worker does for debuggers. The module that opens an inspector is loaded only when somebody debugs. */
import type { Logger } from '../contract/logger.js'
import type { InspectorOrder, WorkerInit } from '../protocol/messages.js'
import type { HostChannel } from './channel.js'
import type { Inspection } from './inspection.js'
import type { Watching } from './watching.js'

export interface DebuggerAccessParts {
  readonly init: Pick<WorkerInit, 'inspector' | 'app'>
  readonly log: Logger
  readonly channel: HostChannel
  /** Whether the main thread has loaded the app. Only the main thread can be inspected. */
  isAppHere(): boolean
  /** How many more requests the worker serves before it ends. Undefined: there is no limit. */
  requestsLeft(): number | undefined
  /** The watchdog. It prevents a worker that a debugger has paused from being killed. */
  readonly watching: Watching
}

export class DebuggerAccess {
  readonly #parts: DebuggerAccessParts
  #inspection: Inspection | undefined
  #isInspected: boolean

  constructor(parts: DebuggerAccessParts) {
    this.#parts = parts
    this.#isInspected = parts.init.inspector !== undefined
  }

  /** Called before anything else, so that everything can be debugged. @throws TunicornError `BOOT_FAILED` */
  async start(): Promise<void> {
    const { init, log } = this.#parts
    const { inspector, app } = init
    if (!inspector) return
    const { Inspection } = await import('./inspection.js')
    this.#inspection = await Inspection.start({ inspector, appUrl: app.url, log })
  }

  /** The worker class is ready. */
  booted(): void {
    this.#inspection?.booted(!this.#parts.isAppHere())
  }

  /** Opens or closes the inspector on request. */
  async carryOut(order: InspectorOrder): Promise<void> {
    const { channel, isAppHere, requestsLeft, watching } = this.#parts
    this.#isInspected = true
    if (order.type === 'open') await watching.want()
    const { inspect } = await import('./inspection.js')
    const facts = { isAppElsewhere: !isAppHere(), requestsLeft: requestsLeft() }
    await channel.send(await inspect(order, facts))
  }

  /** The process is about to end, and does not wait for its debugger to disconnect. */
  async end(): Promise<void> {
    const options = [...process.execArgv, process.env.NODE_OPTIONS ?? '']
    if (!this.#isInspected && !options.some(option => option.includes('--inspect'))) return
    const { closeInspector } = await import('./inspection.js')
    closeInspector()
  }
}
