/** The host's end of the channel to the arbiter, which the app neither hears nor closes. */

import { findChannelHandle } from '../protocol/channel-handle.js'
import { envelopeEvent, hostIsHere, isEnvelope, seal } from '../protocol/envelope.js'
import type { FromHost, ToHost } from '../protocol/messages.js'
import type { ServerHandle } from '../sockets/handle.js'

export interface HostChannel {
  /** Resolves once the message is on its way; resolves also when the arbiter is gone. */
  send(message: FromHost): Promise<void>
  /** The arbiter sends nothing before somebody listens. */
  onMessage(listener: (message: ToHost, handle: ServerHandle | undefined) => void): void
  /** The arbiter is gone, or the channel was closed. */
  onClosed(listener: () => void): void
}

const isToHost = (message: unknown): message is ToHost =>
  // Only the arbiter holds the other end, so the type is enough.
  typeof message === 'object' && message !== null && 'type' in message

export function openChannel(): HostChannel | undefined {
  const send = process.send?.bind(process)
  const { channel } = process
  if (!send || !channel) return undefined
  // Node counts the app's listeners only, and ends a process for which nobody listens.
  channel.ref()
  keepOpen(channel)
  const post = (body: unknown): Promise<void> =>
    new Promise(resolve => {
      if (!process.connected) return resolve()
      send(seal(body), undefined, {}, () => resolve())
    })
  return {
    send: post,
    onMessage(listener) {
      // Apps cannot listen for it by mistake, nor take the listener away with those of `message`.
      process.on(envelopeEvent, (message: unknown, handle: unknown) => {
        // A handle comes only with a message of the arbiter's, and is then always a bound socket.
        if (isEnvelope(message) && isToHost(message.body))
          listener(message.body, handle as ServerHandle | undefined)
      })
      void post(hostIsHere)
    },
    onClosed(listener) {
      process.once('disconnect', listener)
    },
  }
}

/** An app that thinks that it was forked by a program of its own closes the channel, or lets the process end. */
function keepOpen(channel: NonNullable<NodeJS.Process['channel']>): void {
  replace(channel, 'ref', () => {})
  replace(channel, 'unref', () => {})
  const handle = findChannelHandle(process)
  // Node itself calls `disconnect` when the arbiter is gone, which has to be told from a call of the app.
  if (!handle) return
  const disconnect = process.disconnect?.bind(process)
  const read = handle.onread
  let isOver = false
  handle.onread = function (data) {
    isOver ||= data === undefined
    return read.call(this, data)
  }
  replace(process, 'disconnect', () => {
    if (isOver) disconnect?.()
  })
}

function replace(owner: object, name: string, value: () => void): void {
  Object.defineProperty(owner, name, { value, configurable: true, writable: true })
}
