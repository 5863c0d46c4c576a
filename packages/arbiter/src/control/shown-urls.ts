/** The addresses of a group as the log and the status show them. Pure. */
import { isDetectable } from '../app/kind.js'
import type { WorkerCapabilities } from '../contract/worker-class.js'
import type { BoundSocket } from '../sockets/bind.js'
import { encryptedSockets, type ListeningGroup } from '../supervision/encrypted.js'

interface ShownGroup extends ListeningGroup {
  readonly sockets: readonly Pick<BoundSocket, 'address' | 'url'>[]
}

/** A class that has only app kinds of its own may speak any protocol, so its addresses are not shown as HTTP. */
export function shownUrls(
  { appKinds }: Pick<WorkerCapabilities, 'appKinds'>,
  group: ShownGroup,
): readonly string[] {
  const [plain, secure] = appKinds.some(isDetectable) ? ['http:', 'https:'] : ['tcp:', 'tls:']
  const encrypted = encryptedSockets(group)
  return group.sockets.map(({ url }, index) => url.replace(/^http:/, encrypted[index] ? secure : plain))
}
