/**
 * The flight record: the requests that a worker has in flight, in a file that outlives it. The worker and its watchdog write
 * slots of it, and the arbiter reads it when the process has ended. Both sides share this layout.
 */
import type { RequestInFlight } from './messages.js'

export const slotBytes = 256
/** Requests beyond this number are counted without their names. */
export const slotCount = 1_024
/** The header is one more slot, in front. */
export const recordBytes: number = slotBytes * (slotCount + 1)

/**
 * Offsets in the header: how often the arbiter has asked for evidence and for a stack, how many requests have no slot, and how
 * many slots were ever used.
 */
export const headerAt = { asked: 0, unnamed: 4, used: 8, stackAsked: 12 } as const

/**
 * Offsets in a slot. In the file, a state of 0 is a free slot. `text` is the id of the request, if it has one, followed by the
 * method, a space and the target. `textBytes` is the length of all that, and `idBytes` that of the id.
 */
export const slotAt = { state: 0, textBytes: 4, idBytes: 6, startedAt: 8, text: 16 } as const

const maxTextBytes: number = slotBytes - slotAt.text

export interface FlightRecord {
  /** Longest first. */
  readonly requests: readonly RequestInFlight[]
  /** The number of further requests, for which there was no room. */
  readonly unnamed: number
}

/** `bytes` comes from a worker's file and may be anything. `now`: milliseconds since 1970. */
export function parseFlightRecord(bytes: Buffer, now: number): FlightRecord {
  const requests: RequestInFlight[] = []
  for (let at = slotBytes; at + slotBytes <= bytes.length; at += slotBytes) {
    if (bytes.readInt32LE(at + slotAt.state) === 0) continue
    requests.push(requestIn(bytes.subarray(at, at + slotBytes), now))
  }
  const unnamed = bytes.length < slotBytes ? 0 : Math.max(0, bytes.readInt32LE(headerAt.unnamed))
  return { requests: requests.toSorted((one, other) => other.ms - one.ms), unnamed }
}

function requestIn(slot: Buffer, now: number): RequestInFlight {
  const length = Math.min(maxTextBytes, slot.readUInt16LE(slotAt.textBytes))
  const idLength = Math.min(length, slot.readUInt16LE(slotAt.idBytes))
  const written = slot.toString('latin1', slotAt.text, slotAt.text + length)
  const text = written.slice(idLength)
  const end = text.indexOf(' ')
  const ms = Math.round(now - slot.readDoubleLE(slotAt.startedAt))
  return {
    method: end === -1 ? '' : text.slice(0, end),
    target: text.slice(end + 1),
    ms: Number.isFinite(ms) ? Math.max(0, ms) : 0,
    ...(idLength > 0 && { id: written.slice(0, idLength) }),
  }
}
