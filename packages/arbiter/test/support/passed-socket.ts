/** A socket that this process has bound and does not accept from: what a service manager passes on. */
import net from 'node:net'

interface Handle {
  readonly fd: number
  close(): void
  getsockname?(out: { port?: number }): number
}

const internals = net as typeof net & {
  _createServerHandle(address: string, port: number, addressType: number): Handle | number
}

export interface PassedSocket extends Disposable {
  readonly fd: number
  /** `http://…` or `unix:PATH`. */
  readonly url: string
}

export function bindTcp(): PassedSocket {
  const handle = opened(internals._createServerHandle('127.0.0.1', 0, 4))
  const out: { port?: number } = {}
  handle.getsockname?.(out)
  return passed(handle, `http://127.0.0.1:${out.port}`)
}

/** The path is removed when the socket is disposed of. */
export function bindUnix(path: string): PassedSocket {
  return passed(opened(internals._createServerHandle(path, -1, -1)), `unix:${path}`)
}

function opened(handle: Handle | number): Handle {
  if (typeof handle === 'number') throw new Error(`the test could not bind: ${handle}`)
  return handle
}

function passed(handle: Handle, url: string): PassedSocket {
  return { fd: handle.fd, url, [Symbol.dispose]: () => handle.close() }
}
