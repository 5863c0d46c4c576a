/** Opens a connection to the address of a listener. */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import type { Listener } from '@tunicorn/arbiter/worker'

/** Rejects with the error of the socket when nobody accepts. */
export async function connectTo(address: Listener['address']): Promise<Socket> {
  const socket =
    typeof address === 'string' ? connect(address) : connect({ host: address.address, port: address.port })
  await once(socket, 'connect')
  return socket
}
