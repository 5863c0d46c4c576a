/** The host's end of the channel to the arbiter. The app can neither listen to it nor close it. */

import { findChannelHandle } from '../protocol/channel-handle.js'
import { envelopeEvent, hostIsHere, isEnvelope, seal } from '../protocol/envelope.js'
import type { FromHost, ToHost } from '../protocol/messages.js'
import type { ServerHandle } from '../sockets/handle.js'

export interface HostChannel {
  /** Resolves once the message has been sent, and also when the arbiter is gone. */
  send(message: FromHost): Promise<void>
  /** The arbiter sends nothing until there is a listener. */
  onMessage(listener: (message: ToHost, handle: ServerHandle | undefined) => void): void
  /** The arbiter is gone, or the channel was closed. */
  onClosed(listener: () => void): void
}

const isToHost = (message: unknown): message is ToHost =>
  // Only the arbiter holds the other end, so checking for `type` is enough.
  typeof message === 'object' && message !== null && 'type' in message

export function openChannel(): HostChannel | undefined {
  const send = process.send?.bind(process)
  const { channel } = process
  if (!send || !channel) return undefined
  // Node counts only the app's listeners, and ends a process that has none.
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
      // With this event, apps cannot listen by mistake, or remove this listener together with those for `message`.
      process.on(envelopeEvent, (message: unknown, handle: unknown) => {
        // Only messages from the arbiter carry a handle, and it is always a bound socket.
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

/** An app that believes its own parent program forked it may close the channel, or let the process end. */
function keepOpen(channel: NonNullable<NodeJS.Process['channel']>): void {
  replace(channel, 'ref', () => {})
  replace(channel, 'unref', () => {})
  const handle = findChannelHandle(process)
  // Node itself calls `disconnect` when the arbiter is gone. That must be distinguished from a call by the app.
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
