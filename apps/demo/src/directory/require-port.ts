/** Checks the port of the page before the arbiter binds it, because the demo can say how to choose another one. */
import { once } from 'node:events'
import { createServer } from 'node:net'
import { TunicornError } from '@tunicorn/arbiter'

/** @throws TunicornError `BIND_FAILED` that says what to type, when something already listens on the port */
export async function requirePort(host: string, port: number): Promise<void> {
  // In an upgrade, the new arbiter gets the sockets of the old one, and has a channel to it.
  if (process.connected) return
  const probe = createServer().listen(port, host)
  try {
    await once(probe, 'listening')
  } catch (error) {
    // The arbiter reports anything else that is wrong with the address.
    if (!isInUse(error)) return
    const message = `Port ${port} is in use. For another one: PORT=${anotherPort(port)} npm start`
    throw new TunicornError('BIND_FAILED', message)
  } finally {
    probe.close()
  }
}

function isInUse(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
}

function anotherPort(port: number): number {
  return port < 65_535 ? port + 1 : port - 1
}
