/** Tests whether a TCP address is free, for code that binds it later and says too little about a failure. */
import { once } from 'node:events'
import { createServer } from 'node:net'

export interface ListenProblem {
  /** The code of the operating system, for example `EADDRINUSE`. */
  readonly code: string
  /** A sentence without a full stop at its end. */
  readonly text: string
}

/** Undefined: the address was free a moment ago. */
export async function listenProblem(host: string, port: number): Promise<ListenProblem | undefined> {
  const server = createServer()
  try {
    server.listen({ host, port, exclusive: true })
    await once(server, 'listening')
    return undefined
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    return { code, text: textOf(code, `${host}:${port}`) ?? String(error) }
  } finally {
    server.close()
  }
}

function textOf(code: string, address: string): string | undefined {
  switch (code) {
    case 'EADDRINUSE':
      return `${address} is in use`
    case 'EACCES':
      return `${address} is not allowed to this user`
    case 'EADDRNOTAVAIL':
      return `${address} is no address of this machine`
    case 'ENOTFOUND':
      return `the host of ${address} could not be resolved`
    default:
      return undefined
  }
}
