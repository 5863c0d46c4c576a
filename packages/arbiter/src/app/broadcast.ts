import { findAppBridge } from './app-bridge.js'
import type { BroadcastListener, BroadcastOptions } from './broadcasts.js'

/**
 * Sends `data` to all other workers that have booted, or to those of one group, and to their threads. Messages from one worker
 * arrive in the order in which they were sent, at most once. A worker that does not keep up loses messages, and the log says how
 * many. Does nothing where no arbiter runs the app.
 *
 * @param data JSON; up to 16 KiB
 * @throws TunicornError `BROADCAST_TOO_LARGE`; `BROADCAST_TOO_OFTEN` above 20,000 messages or 1 MiB a second
 * @throws TypeError for what JSON cannot represent
 */
export function broadcast(data: unknown, options?: BroadcastOptions): void {
  findAppBridge()?.broadcasts?.broadcast(data, options)
}

/** Calls `listener` with everything that other workers, or threads, broadcast. Returns a function that unsubscribes it. */
export function onBroadcast(listener: BroadcastListener): () => void {
  return findAppBridge()?.broadcasts?.subscribe(listener) ?? (() => {})
}
