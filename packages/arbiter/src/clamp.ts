/** The number within the bounds that is nearest to `value`; `least` where they cross. */
export function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(most, value))
}
