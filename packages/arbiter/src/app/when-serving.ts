import { isMainThread } from 'node:worker_threads'
import { findAppBridge } from './app-bridge.js'

/**
 * Resolves once this worker serves: the moment to start work besides its requests. A worker does not serve yet while it stands
 * by, or while its predecessor in an exclusive group has not ended. In an app that no arbiter runs, as with plain `node`, this
 * resolves at once. Await it after the app was loaded, not while it loads, because a worker serves only once its app is loaded.
 *
 * @throws TypeError in a thread of a worker: there are several, and none of them is the worker
 */
export async function whenServing(): Promise<void> {
  if (!isMainThread) throw new TypeError('`whenServing` is for workers and not for their threads')
  await findAppBridge()?.serving
}
