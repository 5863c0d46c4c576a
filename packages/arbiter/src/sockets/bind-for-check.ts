/** Binds addresses for a check, which nobody will connect to. */
import type { Logger } from '../contract/logger.js'
import { TunicornError } from '../errors.js'
import { type Address, formatAddress } from './address.js'
import { type BoundSocket, bind, resolveHost } from './bind.js'

/**
 * Like {@link bind}, but an address in use is not a failure, because a check runs beside the server that is to be reloaded.
 * It is logged, because another program may have it just as well.
 *
 * @throws TunicornError `BIND_FAILED`
 */
export async function bindForCheck(address: Address, log: Logger): Promise<BoundSocket> {
  try {
    return await bind(address)
  } catch (error) {
    const isInUse = error instanceof TunicornError && 'errno' in error && error.errno === 'EADDRINUSE'
    if (!isInUse || address.type === 'fd') throw error
    log.warn(`${formatAddress(address)} is in use, and so it was not checked whether it could be bound`)
    return standIn(address)
  }
}

/** For workers that will not serve: they are told of the address but never get a handle for it. */
async function standIn(address: Exclude<Address, { readonly type: 'fd' }>): Promise<BoundSocket> {
  const key = formatAddress(address)
  const shown = { key, handle: { fd: -1, close: () => {} }, url: key }
  if (address.type === 'unix') return { ...shown, address: address.path }
  const { host, family } = await resolveHost(address.host, key)
  return { ...shown, address: { address: host, family: `IPv${family}`, port: address.port } }
}
