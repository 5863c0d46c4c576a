/** The port of the page, looked at before the arbiter binds it: the demo knows how to choose another one. */
import { once } from 'node:events'
import { createServer } from 'node:net'
import { TunicornError } from '@tunicorn/arbiter'

/** @throws TunicornError `BIND_FAILED` that says what to type, when something listens at the port already */
export async function requirePort(host: string, port: number): Promise<void> {
  // The arbiter of an upgrade gets the sockets of the one before, and has a channel to it.
  if (process.connected) return
  const probe = createServer().listen(port, host)
  try {
    await once(probe, 'listening')
  } catch (error) {
    // What else is wrong with the address the arbiter says.
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
