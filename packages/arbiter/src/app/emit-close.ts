/** Tells a server that it is closed, and awaits what its listeners then do: `emit` would lose their promises. */
import type { Server } from 'node:net'

/** Calls every listener, even if another one fails. Rejects with the first failure when all are done. */
export function emitClose(server: Server): Promise<void> {
  // Raw: one that listens once removes itself.
  const calls = server.rawListeners('close').map(async listener => {
    await Reflect.apply(listener, server, [])
  })
  const ended = Promise.allSettled(calls).then(results => {
    const failure = results.find(({ status }) => status === 'rejected')
    if (failure?.status === 'rejected') throw failure.reason
  })
  // Told to whoever awaits it, which may be later.
  ended.catch(() => {})
  return ended
}
