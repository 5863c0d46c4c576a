/** Which listeners of a group speak TLS. Pure. */
import type { ResolvedGroup } from '../config/settings.js'
import type { BoundSocket } from '../sockets/bind.js'
import type { GroupTls, TlsSettings } from '../tls/group-tls.js'

/** A group that presents certificates. */
export interface EncryptedGroup {
  readonly name: string
  readonly settings: TlsSettings
  readonly current: GroupTls
}

/** A group, as far as it says where it listens. */
export interface ListeningGroup {
  readonly group: Pick<ResolvedGroup, 'addresses'>
  /** In the order of the addresses. */
  readonly sockets: readonly Pick<BoundSocket, 'address'>[]
  /** Absent: the group has no certificate. */
  readonly tls?: unknown
}

/** For each socket: those that were written with `https://`, or every one of TCP when none was. */
export function encryptedSockets({ group, sockets, tls }: ListeningGroup): readonly boolean[] {
  const { addresses } = group
  const isMarked = addresses.map(address => address.type === 'tcp' && address.isTls === true)
  const isAnyMarked = isMarked.includes(true)
  return sockets.map(
    ({ address }, index) =>
      tls !== undefined && typeof address !== 'string' && (!isAnyMarked || isMarked[index] === true),
  )
}
