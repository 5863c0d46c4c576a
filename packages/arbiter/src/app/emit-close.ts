/** Emits `close` on a server and waits for what its listeners do. `emit` itself would lose their promises. */
import type { Server } from 'node:net'

/** Calls every listener, even if another one fails. Rejects with the first failure when all are done. */
export function emitClose(server: Server): Promise<void> {
  // Raw listeners: a wrapper from `once` removes itself when called.
  const calls = server.rawListeners('close').map(async listener => {
    await Reflect.apply(listener, server, [])
  })
  const ended = Promise.allSettled(calls).then(results => {
    const failure = results.find(({ status }) => status === 'rejected')
    if (failure?.status === 'rejected') throw failure.reason
  })
  // The rejection still reaches whoever awaits `ended`, perhaps later.
  ended.catch(() => {})
  return ended
}
