/** The addresses of a group as people see them, in the log and in the status. Pure. */
import { isDetectable } from '../app/kind.js'
import type { WorkerCapabilities } from '../contract/worker-class.js'
import type { BoundSocket } from '../sockets/bind.js'

/** A class with app kinds of its own alone may speak anything: its addresses are not called HTTP. */
export function shownUrls(
  { appKinds }: Pick<WorkerCapabilities, 'appKinds'>,
  sockets: readonly Pick<BoundSocket, 'url'>[],
): readonly string[] {
  const scheme = appKinds.some(isDetectable) ? 'http:' : 'tcp:'
  return sockets.map(({ url }) => url.replace(/^http:/, scheme))
}
