/** Reads the flags of events. */
import { describeValue } from '@tunicorn/arbiter/worker'
import { AsgiProtocolError } from './errors.js'

/** Absent means `false`. @throws AsgiProtocolError for anything but a boolean */
export function isTrue(value: unknown, name: string): boolean {
  if (value === undefined || value === false) return false
  if (value === true) return true
  throw new AsgiProtocolError(`\`${name}\` to be`, ['a boolean'], describeValue(value))
}
