/**
 * Keeps messages between arbiter and host from the app. Node can send sockets over only one channel, that of
 * `process.on('message')`, but reserves a part of it for its own modules: a message whose `cmd` begins with `NODE_` arrives as
 * the event `internalMessage`, which is how `node:cluster` communicates. Everything else on the channel comes from somebody else.
 */

/** The event that Node emits for an envelope. */
export const envelopeEvent = 'internalMessage'

const cmd = 'NODE_TUNICORN'

export interface Envelope {
  readonly cmd: string
  readonly body: unknown
}

/** The first message from a host. Nothing may be sent before it, because nobody would receive it. */
export const hostIsHere = 'here'

export function seal(body: unknown): Envelope {
  return { cmd, body }
}

/** Whether the message is ours. Node's own modules use the event as well. */
export function isEnvelope(message: unknown): message is Envelope {
  return typeof message === 'object' && message !== null && 'cmd' in message && message.cmd === cmd
}
