/** The nearest number to `value` within the bounds, or `least` if they cross. */
export function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(most, value))
}
