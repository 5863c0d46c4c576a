/** The host's end of the IPC channel. Takes `process.send` away from the app, which has no arbiter to talk to. */
import type { FromHost, ToHost } from '../protocol/messages.js'
import type { ServerHandle } from '../sockets/handle.js'

export interface HostChannel {
  /** Resolves once the message is on its way; resolves also when the arbiter is gone. */
  send(message: FromHost): Promise<void>
  onMessage(listener: (message: ToHost, handle: ServerHandle | undefined) => void): void
  /** The arbiter is gone, or the channel was closed. */
  onClosed(listener: () => void): void
  /** Lets the process exit although the channel is open. */
  unref(): void
}

const isToHost = (message: unknown): message is ToHost =>
  // Only the arbiter holds the other end, so the type is enough.
  typeof message === 'object' && message !== null && 'type' in message

export function openChannel(): HostChannel | undefined {
  const send = process.send?.bind(process)
  if (!send || !process.channel) return undefined
  const { channel } = process
  // An app that finds `process.send` believes that it was forked by its own parent and sends it messages.
  Object.defineProperty(process, 'send', { value: undefined, configurable: true })
  return {
    send: message =>
      new Promise(resolve => {
        if (!process.connected) return resolve()
        send(message, undefined, {}, () => resolve())
      }),
    onMessage(listener) {
      process.on('message', (message: unknown, handle: unknown) => {
        // A handle comes only with a message of the arbiter's, and is then always a bound socket.
        if (isToHost(message)) listener(message, handle as ServerHandle | undefined)
      })
    },
    onClosed(listener) {
      process.once('disconnect', listener)
    },
    unref: () => channel.unref(),
  }
}
