/**
 * Where a running server answers those who watch and steer it: the control socket, and the address of `admin`. Without them it
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
  /** Of the start: the control socket stays where it is over reloads. */
  readonly settings: ArbiterSettings
  readonly log: ArbiterLog
  readonly observers: Observers
  readonly controlled: Controlled
  readonly observation: Observation
  /** Bound already. */
  readonly admin: Admin
  /** The process is there for the arbiter, and not the other way round. */
  readonly hasProcess: boolean
  /** Until this arbiter serves, the one before it answers. */
  readonly predecessor: Predecessor | undefined
}

export class Endpoints {
  readonly #parts: EndpointParts
  /** Absent: none is wanted. */
  readonly #control: Control | undefined
  readonly #statsd: StatsdPush

  /** To be made before the first worker: the status is to know all of them. */
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

  /** What a successor takes over beside the sockets that workers accept from. */
  get sockets(): readonly BoundSocket[] {
    const { socket } = this.#parts.admin
    return socket ? [socket] : []
  }

  /** What a successor's status is to tell of the past; absent without a control API. */
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

  /** The workers serve for the first time. */
  ready(): void {
    this.#statsd.start()
    void this.#serveAdmin()
  }

  /** The settings that a reload has brought. */
  async reload(settings: ArbiterSettings): Promise<void> {
    this.#statsd.reload(settings)
    await this.#parts.admin.reload(settings.admin)
  }

  /** The predecessor is gone. */
  async takeNames(): Promise<void> {
    const { control } = this.#parts.settings
    if (control !== 'auto') await this.#control?.open(control)
  }

  /** A successor answers at the address of `admin`, and says how things are. */
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
