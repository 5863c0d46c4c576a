/** Makes a whole worker from a class's definition of its protocol. */
import type { Worker, WorkerContext } from '@tunicorn/arbiter/worker'
import type { Conversation } from './conversation.js'
import type { SocketConnection } from './socket-connection.js'
import { SocketService } from './socket-service.js'

/**
 * Boots by loading the app, and leaves everything else to a `SocketService`. `prepare` gets the exports of the app's module and
 * returns the function that is called for every connection. If it throws or rejects, the boot has failed.
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
