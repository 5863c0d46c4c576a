/** Names values in error messages. */

/** Names any value. */
export function describe(value: unknown): string {
  if (value === null || value === undefined) return `\`${value}\``
  if (typeof value === 'string') return `${JSON.stringify(value.slice(0, 80))} (string)`
  if (typeof value === 'object') return Array.isArray(value) ? `an array of ${value.length}` : 'an object'
  return typeof value === 'function' ? 'a function' : `\`${String(value)}\` (${typeof value})`
}

/** Names an event by its type. */
export function describeType(event: unknown): string {
  if (typeof event !== 'object' || event === null || !('type' in event)) return describe(event)
  return typeof event.type === 'string' ? `\`${event.type.slice(0, 80)}\`` : describe(event.type)
}
