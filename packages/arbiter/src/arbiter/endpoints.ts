/**
 * Where a running server can be watched and controlled: the control socket, and the address of `admin`. A server without them
 * serves all the same.
 */
import type { ArbiterSettings } from '../config/settings.js'
import { Control } from '../control/control.js'
import type { Controlled } from '../control/controlled.js'
import type { DurationsStatus } from '../control/status.js'
import { StatsdPush } from '../metrics/statsd.js'
import type { ArbiterLog } from '../output/logger.js'
import type { Admin } from '../probes/admin.js'
import { processScheduler } from '../scheduler.js'
import type { BoundSocket } from '../sockets/bind.js'
import type { Observers } from '../supervision/observers.js'
import type { Observation } from './observation.js'
import type { Predecessor } from './predecessor.js'

export interface EndpointParts {
  /** The settings of the start: the control socket keeps its path across reloads. */
  readonly settings: ArbiterSettings
  readonly log: ArbiterLog
  readonly observers: Observers
  readonly controlled: Controlled
  readonly observation: Observation
  /** Already bound. */
  readonly admin: Admin
  /** The process exists for the arbiter; the arbiter is not embedded in another program. */
  readonly hasProcess: boolean
  /** Present: the predecessor answers until this arbiter serves. */
  readonly predecessor: Predecessor | undefined
}

export class Endpoints {
  readonly #parts: EndpointParts
  /** Absent: no control API is wanted. */
  readonly #control: Control | undefined
  readonly #statsd: StatsdPush

  /** Construct it before the first worker is spawned: the status has to know all of them. */
  constructor(parts: EndpointParts) {
    this.#parts = parts
    const { controlled, hasProcess, log, observation, observers, predecessor, settings } = parts
    observers.add(observation.metrics)
    this.#statsd = new StatsdPush(settings, {
      log,
      list: () => observation.metrics.list(),
      every: processScheduler.every,
    })
    const isWanted = settings.control === 'auto' ? hasProcess : settings.control !== 'off'
    const durationsOf = (group: string): DurationsStatus => observation.metrics.durationsOf(group)
    this.#control = isWanted
      ? new Control({
          controlled,
          observers,
          log,
          durationsOf,
          routes: observation.routes,
          past: predecessor?.past,
        })
      : undefined
  }

  /** The sockets that a successor takes over in addition to those that workers accept from. */
  get sockets(): readonly BoundSocket[] {
    const { socket } = this.#parts.admin
    return socket ? [socket] : []
  }

  /** The history that a successor's status will show; absent without a control API. */
  get past(): string | undefined {
    return this.#control?.past
  }

  /** Opens the control socket, and answers probes. */
  async open(): Promise<void> {
    const { predecessor, settings } = this.#parts
    if (settings.control === 'auto') await this.#control?.open(undefined)
    else if (!predecessor) await this.#control?.open(settings.control)
    if (!predecessor) await this.#serveAdmin()
  }

  /** To be called when the workers serve for the first time. */
  ready(): void {
    this.#statsd.start()
    void this.#serveAdmin()
  }

  /** Applies the settings of a reload. */
  async reload(settings: ArbiterSettings): Promise<void> {
    this.#statsd.reload(settings)
    await this.#parts.admin.reload(settings.admin)
  }

  /** To be called when the predecessor is gone. */
  async takeNames(): Promise<void> {
    const { control } = this.#parts.settings
    if (control !== 'auto') await this.#control?.open(control)
  }

  /** To be called when a successor serves: it now answers at the address of `admin` and reports the state of the server. */
  handOver(): void {
    void this.#parts.admin.close()
    this.#statsd.leave()
  }

  async close(): Promise<void> {
    await Promise.all([this.#control?.close(), this.#statsd.close()])
  }

  async #serveAdmin(): Promise<void> {
    await this.#parts.admin.serve(this.#parts.observation.routes)
  }
}
