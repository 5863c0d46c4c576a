import { createServer } from 'node:net'

/** A port of the loopback interface that nobody has. Ports that the kernel gives away for port 0 are others. */
export async function freePort(from: number = 20_000 + (process.pid % 10_000)): Promise<number> {
  for (let port = from; port < 32_000; port += 1) if (await isFree(port)) return port
  throw new Error('No port is free')
}

/** Whether a port of the loopback interface can be had. */
export async function isFree(port: number): Promise<boolean> {
  const probe = createServer()
  const isBound = await new Promise<boolean>(resolve => {
    probe.once('error', () => resolve(false))
    probe.listen(port, '127.0.0.1', () => resolve(true))
  })
  if (isBound) await new Promise(resolve => probe.close(resolve))
  return isBound
}
