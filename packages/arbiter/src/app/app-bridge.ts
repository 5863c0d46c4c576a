/**
 * How the module `@tunicorn/arbiter/app` finds the host. The app may import a different copy of this package from the one that
 * runs it, so the two meet at a global symbol rather than in a module.
 */
import type { AppBroadcasts } from './broadcasts.js'
import type { MetricsRegistry } from './metrics-registry.js'

const symbol = Symbol.for('tunicorn.app')

/** What the host, or a thread of a worker class, does for the app. */
export interface AppBridge {
  /** Resolves once the worker serves. Absent in a thread, because a worker has several. */
  readonly serving?: Promise<void>
  readonly broadcasts?: AppBroadcasts
  exposeMetrics?(registry: MetricsRegistry): void
}

export function installAppBridge(bridge: AppBridge): void {
  Object.defineProperty(globalThis, symbol, { value: bridge, configurable: true })
}

/** `undefined` where no arbiter runs the app. */
export function findAppBridge(): AppBridge | undefined {
  // Only `installAppBridge` writes it. Members that a newer or older copy does not know are optional.
  return Reflect.get(globalThis, symbol) as AppBridge | undefined
}
