/** What a new arbiter tells its predecessor. */
import { isRecord } from '../is-record.js'

export type SuccessionMessage =
  /** Its workers serve, and have to do so for a while before it takes over. */
  | { readonly type: 'beside'; readonly windowMs: number }
  /** Its workers did not last, so it drains them and ends. */
  | { readonly type: 'failed'; readonly reason: string }
  /** It has taken over. */
  | { readonly type: 'serving' }

/** Arbiters of other versions send this too. A version without the window sends nothing else. */
const servingText = 'tunicorn:serving'
const prefix = 'tunicorn:'

export function writeSuccession(message: SuccessionMessage): string {
  return message.type === 'serving' ? servingText : `${prefix}${JSON.stringify(message)}`
}

/** `undefined`: the message is from something else, or from a later version. */
export function readSuccession(text: unknown): SuccessionMessage | undefined {
  if (typeof text !== 'string' || !text.startsWith(prefix)) return undefined
  if (text === servingText) return { type: 'serving' }
  const message = parse(text.slice(prefix.length))
  if (!isRecord(message)) return undefined
  const { type, windowMs, reason } = message
  if (type === 'beside' && typeof windowMs === 'number') return { type, windowMs }
  if (type === 'failed' && typeof reason === 'string') return { type, reason }
  return undefined
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
