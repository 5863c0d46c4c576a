/** What calls of the app for requests and for WebSockets have in common. */

import type { Receive, Send } from '../protocol/app.js'
import type { Scope } from '../protocol/scopes.js'
import type { Runtime } from './runtime.js'
import { disconnectGraceMs } from './shared.js'

/** Made for every request: its members are plain because those are cheapest. */
export abstract class AppCall {
  protected readonly runtime: Runtime
  private controller: AbortController | undefined = undefined
  private isAborted = false
  private isCounted = false
  private graceTimer: NodeJS.Timeout | undefined = undefined

  constructor(runtime: Runtime) {
    this.runtime = runtime
  }

  /** Aborts when the client leaves early, or the worker stops waiting. Made on demand. */
  get signal(): AbortSignal {
    this.controller ??= new AbortController()
    if (this.isAborted) this.controller.abort()
    return this.controller.signal
  }

  /** Calls the app, which counts as a task until `ended`. If it throws, the promise rejects. */
  protected call(scope: Scope, receive: Receive, send: Send): Promise<unknown> {
    const { app, tasks } = this.runtime
    tasks.begin()
    this.isCounted = true
    try {
      return Promise.resolve(app(scope, receive, send))
    } catch (error) {
      return Promise.reject(error)
    }
  }

  protected abort(): void {
    this.isAborted = true
    this.controller?.abort()
  }

  /** The client has left. The worker waits for the app a little longer. */
  protected endSoon(): void {
    if (this.isCounted) this.graceTimer = setTimeout(() => this.ended(), disconnectGraceMs).unref()
  }

  /** Idempotent. */
  protected ended(): void {
    clearTimeout(this.graceTimer)
    if (!this.isCounted) return
    this.isCounted = false
    this.runtime.tasks.end()
  }
}

/** The message for an app that returns something. */
export function problemOfReturned(value: unknown): string {
  return `ASGI callable should return nothing, but returned '${String(value)}'.`
}
