/** The control API of one arbiter: what it reports and what it can be told. It observes from the start and opens its socket later. */

import type { Logger } from '../contract/logger.js'
import type { Observers } from '../supervision/observers.js'
import { residentBytes } from '../system/resident-bytes.js'
import { readVersion } from '../version.js'
import { controlRoutes } from './control-routes.js'
import type { Controlled } from './controlled.js'
import { EventStream } from './event-stream.js'
import { History } from './history.js'
import { readPast, writePast } from './past.js'
import type { Route } from './route.js'
import type { RouteServer } from './route-server.js'
import { type LaunchFacts, serverStatus } from './server-status.js'
import { shownUrls } from './shown-urls.js'
import type { DurationsStatus, ExitStatus, ServerStatus } from './status.js'

export interface ControlParts {
  readonly controlled: Controlled
  readonly observers: Observers
  readonly log: Logger
  durationsOf(group: string): DurationsStatus
  /** Further routes of the control socket. */
  readonly routes: readonly Route[]
  /** The history that the predecessor has handed over. */
  readonly past: string | undefined
}

const noFacts: LaunchFacts = { workerClass: '', app: '', bind: [], certificates: [] }

export class Control {
  readonly #parts: ControlParts
  readonly #events: EventStream
  readonly #history: History
  readonly #version = readVersion()
  readonly #startedAt = new Date().toISOString()
  readonly #facts = new Map<string, LaunchFacts>()
  readonly #ended: Promise<void>
  #resolveEnded: () => void = () => {}
  #server: Promise<RouteServer> | undefined
  #isClosed = false
  #text: string | undefined

  constructor(parts: ControlParts) {
    this.#parts = parts
    this.#ended = new Promise(resolve => {
      this.#resolveEnded = resolve
    })
    this.#events = new EventStream({ now: Date.now, status: () => this.status() })
    const onExit = (group: string, exit: ExitStatus): void => this.#events.exit(group, exit)
    this.#history = new History(Date.now, onExit, readPast(parts.past))
    parts.observers.add(this.#history)
    parts.observers.add(this.#events)
  }

  /** The history in the status, for a successor. */
  get past(): string {
    return writePast(this.#history.past)
  }

  /** Opens the socket at `path`, or one of this process's own. A socket that cannot be opened causes a warning in the log. */
  async open(path: string | undefined): Promise<void> {
    if (this.#server || this.#isClosed) return
    this.#server = this.#listen(path)
    try {
      await this.#server
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      this.#parts.log.warn(
        `There is no control socket, and \`tunicorn ctl\` cannot reach this server: ${why}`,
      )
    }
  }

  /** To be called when all workers are gone. Answers the callers that wait for that, and closes the socket. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#resolveEnded()
    this.#events.close()
    const server = await this.#server?.catch(() => undefined)
    await server?.close()
  }

  status(): ServerStatus {
    const { controlled, durationsOf } = this.#parts
    const { state } = controlled
    const offset = Date.now() - controlled.now()
    this.#history.forgetExcept(state.groups)
    for (const name of this.#facts.keys()) if (!state.groups.has(name)) this.#facts.delete(name)
    return serverStatus({
      state,
      arbiter: {
        pid: process.pid,
        version: this.#version,
        nodeVersion: process.version,
        generation: Math.max(0, ...[...state.groups.values()].map(({ generation }) => generation)),
        state: controlled.phase(),
        startedAt: this.#startedAt,
        rss: residentBytes() ?? null,
        lastReload: this.#history.lastReload,
      },
      group: name => ({
        ...this.#factsOf(name),
        durations: durationsOf(name),
        exits: this.#history.exits(name),
      }),
      wallTime: ms => Math.round(offset + ms),
      times: age => this.#history.times(age),
    })
  }

  /** The status as text, made once for all requests in the same turn of the loop. */
  #statusText(): string {
    if (this.#text === undefined) {
      this.#text = JSON.stringify(this.status())
      setImmediate(() => {
        this.#text = undefined
      })
    }
    return this.#text
  }

  /** Keeps the facts of a leaving group, which is reported until its last worker is gone. Its configuration is gone earlier. */
  #factsOf(name: string): LaunchFacts {
    const launch = this.#parts.controlled.launchOf(name)
    if (launch)
      this.#facts.set(name, {
        workerClass: launch.group.workerClass.definition.name,
        app: launch.group.app.specifier,
        bind: shownUrls(launch.group.workerClass.definition.capabilities, launch),
        certificates: (launch.tls?.current.certificates ?? []).map(({ name, expiresAt }) => ({
          name,
          expiresAt: new Date(expiresAt).toISOString(),
        })),
      })
    return this.#facts.get(name) ?? noFacts
  }

  async #listen(path: string | undefined): Promise<RouteServer> {
    const { controlled, log, routes } = this.#parts
    // Node's HTTP server is loaded only after the first workers were started.
    const { RouteServer } = await import('./route-server.js')
    const { openOwnSocket, openSocketAt } = await import('./control-socket.js')
    const socket = path === undefined ? await openOwnSocket(process.env) : await openSocketAt(path)
    const own = controlRoutes({
      controlled,
      events: this.#events,
      statusText: () => this.#statusText(),
      ended: this.#ended,
    })
    const server = new RouteServer({ name: 'control API', routes: [...own, ...routes], log })
    await server.listen(socket.handle)
    log.debug(`Control socket at ${socket.url}`)
    return server
  }
}
