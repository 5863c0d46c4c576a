/** The addresses of a group as people see them, in the log and in the status. Pure. */
import { isDetectable } from '../app/kind.js'
import type { WorkerCapabilities } from '../contract/worker-class.js'
import type { BoundSocket } from '../sockets/bind.js'
import { encryptedSockets, type ListeningGroup } from '../supervision/encrypted.js'

interface ShownGroup extends ListeningGroup {
  readonly sockets: readonly Pick<BoundSocket, 'address' | 'url'>[]
}

/** A class with app kinds of its own alone may speak anything: its addresses are not called HTTP. */
export function shownUrls(
  { appKinds }: Pick<WorkerCapabilities, 'appKinds'>,
  group: ShownGroup,
): readonly string[] {
  const [plain, secure] = appKinds.some(isDetectable) ? ['http:', 'https:'] : ['tcp:', 'tls:']
  const encrypted = encryptedSockets(group)
  return group.sockets.map(({ url }, index) => url.replace(/^http:/, encrypted[index] ? secure : plain))
}
