/**
 * What arbiter and host say to each other, kept from the app. Node can send sockets over one channel only, the one of
 * `process.on('message')`, but it keeps a part of that for its own modules: what has a `cmd` that begins with `NODE_` comes
 * as the event `internalMessage`, which is how `node:cluster` talks. All else on the channel is from somebody else.
 */

/** The event that Node emits for an envelope. */
export const envelopeEvent = 'internalMessage'

const cmd = 'NODE_TUNICORN'

export interface Envelope {
  readonly cmd: string
  readonly body: unknown
}

/** The first word of a host. Nothing is to be sent before: nobody would hear it. */
export const hostIsHere = 'here'

export function seal(body: unknown): Envelope {
  return { cmd, body }
}

/** Whether it is ours; Node's own modules use the event as well. */
export function isEnvelope(message: unknown): message is Envelope {
  return typeof message === 'object' && message !== null && 'cmd' in message && message.cmd === cmd
}
