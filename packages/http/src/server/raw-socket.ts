import { Socket } from 'node:net'

/** The socket under one that is encrypted: Node keeps it there, and it is closed with it. Undefined for any other. */
export function rawSocketOf(socket: object): Socket | undefined {
  const parent: unknown = 'encrypted' in socket ? Reflect.get(socket, '_parent') : undefined
  return parent instanceof Socket ? parent : undefined
}
