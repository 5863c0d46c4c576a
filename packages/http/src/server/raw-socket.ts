import { Socket } from 'node:net'

/** The socket under an encrypted one, where Node keeps it; both close together. Undefined for any other socket. */
export function rawSocketOf(socket: object): Socket | undefined {
  const parent: unknown = 'encrypted' in socket ? Reflect.get(socket, '_parent') : undefined
  return parent instanceof Socket ? parent : undefined
}
