/** Names a value in an error message. */
export function describeValue(value: unknown): string {
  if (value === null || value === undefined) return `\`${value}\``
  if (typeof value === 'function') return `a function of ${value.length} parameters`
  if (typeof value !== 'object') return `\`${String(value)}\` (${typeof value})`
  return `an object with the keys ${Object.keys(value).slice(0, 8).join(', ') || '(none)'}`
}
