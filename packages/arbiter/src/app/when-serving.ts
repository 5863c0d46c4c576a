import { isMainThread } from 'node:worker_threads'
import { findAppBridge } from './app-bridge.js'

/**
 * Resolves once this worker serves: the moment to begin work that a worker does besides its requests. A worker that stands by, or
 * whose predecessor in an exclusive group has not ended, does not serve yet. An app that no arbiter runs, as with plain
 * `node`, goes on at once. Await it after the app was loaded, not while it loads: a worker serves only when its app is loaded.
 *
 * @throws TypeError in a thread of a worker: there are several, and none of them is the worker
 */
export async function whenServing(): Promise<void> {
  if (!isMainThread) throw new TypeError('`whenServing` is for workers and not for their threads')
  await findAppBridge()?.serving
}
