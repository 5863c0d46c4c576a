/** A whole worker from what it says of its protocol. */
import type { Worker, WorkerContext } from '@tunicorn/arbiter/worker'
import type { Conversation } from './conversation.js'
import type { SocketConnection } from './socket-connection.js'
import { SocketService } from './socket-service.js'

/**
 * Boots by loading the app, and does everything else by a `SocketService`. `prepare` gets what the module of the app exports, and
 * returns what is called for every connection; a rejection or an error is a failed boot.
 */
export function createSocketWorker(
  context: WorkerContext,
  prepare: (
    app: unknown,
  ) =>
    | Promise<(connection: SocketConnection) => Conversation>
    | ((connection: SocketConnection) => Conversation),
): Worker {
  let service: SocketService | undefined
  return {
    async boot() {
      const { value } = await context.app.load()
      service = new SocketService(context, await prepare(value))
    },
    serve: async () => service?.serve(),
    drain: async deadline => service?.drain(deadline),
    close: async () => service?.close(),
    stats: () => service?.stats() ?? {},
    shed: connections => service?.shed(connections),
  }
}
