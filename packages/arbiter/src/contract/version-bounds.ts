/** Checks the most common range of a worker class, `>=1.2.0 <2.0.0`, without a library, because every start does it. */

type Triple = readonly [number, number, number]

/** `undefined`: the range has another form, or the version is a prerelease. */
export function isWithinBounds(version: string, range: string): boolean | undefined {
  const [, low, high] = /^>=(\d+\.\d+\.\d+) <(\d+\.\d+\.\d+)$/.exec(range) ?? []
  if (low === undefined || high === undefined || !/^\d+\.\d+\.\d+$/.test(version)) return undefined
  return !isBelow(version, low) && isBelow(version, high)
}

function isBelow(version: string, bound: string): boolean {
  const [a, b] = [tripleOf(version), tripleOf(bound)]
  const different = a.findIndex((part, index) => part !== b[index])
  return different !== -1 && (a[different] ?? 0) < (b[different] ?? 0)
}

function tripleOf(version: string): Triple {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number)
  return [major, minor, patch]
}
