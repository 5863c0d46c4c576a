/** Which listeners of a group speak TLS. Pure. */
import type { ResolvedGroup } from '../config/settings.js'
import type { Address } from '../sockets/address.js'
import type { BoundSocket } from '../sockets/bind.js'
import type { GroupTls, TlsSettings } from '../tls/group-tls.js'

/** A group that presents certificates. */
export interface EncryptedGroup {
  readonly name: string
  readonly settings: TlsSettings
  readonly current: GroupTls
}

/** The part of a group that says where it listens. */
export interface ListeningGroup {
  readonly group: Pick<ResolvedGroup, 'addresses'>
  /** In the order of the addresses. */
  readonly sockets: readonly Pick<BoundSocket, 'address'>[]
  /** Absent: the group has no certificate. */
  readonly tls?: unknown
}

/** For each socket, whether it speaks TLS: those written with `https://`, or all TCP sockets if none was. */
export function encryptedSockets({ group, sockets, tls }: ListeningGroup): readonly boolean[] {
  const { addresses } = group
  const isMarked = addresses.map(address => address.type === 'tcp' && address.isTls === true)
  const isAnyMarked = isMarked.includes(true)
  return sockets.map(
    ({ address }, index) =>
      tls !== undefined &&
      typeof address !== 'string' &&
      (isAnyMarked ? isMarked[index] === true : !isPlainHttp2(addresses[index])),
  )
}

/** For each socket, whether it was written with `h2c://`. */
export function plainHttp2Sockets({ group, sockets }: ListeningGroup): readonly boolean[] {
  return sockets.map((_, index) => isPlainHttp2(group.addresses[index]))
}

function isPlainHttp2(address: Address | undefined): boolean {
  return address?.type === 'tcp' && address.isHttp2 === true
}
