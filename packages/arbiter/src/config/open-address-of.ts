import type { Address } from '../sockets/address.js'
import { certificateFiles } from '../tls/certificate-files.js'
import type { ResolvedConfig } from './settings.js'

/**
 * The default address of the only group, if its app may ask for another one. That is so if nobody has given `bind` and the worker
 * class runs apps that listen. Several groups must be distinguishable, so each has its own `bind`. Pure.
 */
export function openAddressOf({
  groups,
}: ResolvedConfig): { readonly name: string; readonly address: Address } | undefined {
  const [group, ...others] = groups
  if (!group || others.length > 0 || group.given.has('bind') || !group.settings.adoptListen) return undefined
  // The app might listen at a Unix socket, which is never encrypted.
  if (certificateFiles(group.settings).length > 0) return undefined
  const [address, ...further] = group.addresses
  if (!address || further.length > 0) return undefined
  const { appKinds } = group.workerClass.definition.capabilities
  return appKinds.includes('node') ? { name: group.name, address } : undefined
}
