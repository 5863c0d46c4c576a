/** Whether the platform, which kills the server in the end, waits for as long as a stop may take. Pure. */

export interface StopTimes {
  /** Seconds that the platform waits; 0: not given. */
  readonly terminationGrace: number
  /** Where that value came from. */
  readonly origin: string
  readonly drainDelay: number
  /** Seconds, by group. */
  readonly gracefulTimeouts: ReadonlyMap<string, number>
  /** The hook `onExit` runs at the end. */
  readonly hasExitHook: boolean
}

/** A worker that does not leave is killed 2 s after its deadline. The last metrics take at most 2 s. The rest is for the exit. */
const endSeconds = 5
/** The most seconds that a hook may take. */
const hookSeconds = 10

/** What is wrong and what to set, or nothing when the time is sufficient. */
export function graceProblem(times: StopTimes): string | undefined {
  const { terminationGrace, origin, drainDelay, gracefulTimeouts, hasExitHook } = times
  const [group, gracefulTimeout] = longest(gracefulTimeouts)
  const end = endSeconds + (hasExitHook ? hookSeconds : 0)
  const fewest = rounded(drainDelay + gracefulTimeout + end)
  if (terminationGrace === 0 || terminationGrace >= fewest) return undefined
  const whose = gracefulTimeouts.size > 1 ? ` of group \`${group}\`` : ''
  const hook = hasExitHook ? ` (${hookSeconds} s of them for the hook \`onExit\`)` : ''
  return `Expected \`terminationGrace\` to be 0 or at least ${fewest}, which is \`drainDelay\` (${drainDelay} s) and \`gracefulTimeout\`${whose} (${gracefulTimeout} s) and ${end} s to end${hook}, got ${terminationGrace}, from ${origin}: let the platform wait for ${fewest} s and say so here, or lower the two by ${rounded(fewest - terminationGrace)} s`
}

function longest(gracefulTimeouts: ReadonlyMap<string, number>): readonly [group: string, seconds: number] {
  return [...gracefulTimeouts].reduce((most, other) => (other[1] > most[1] ? other : most), ['', 0] as const)
}

/** Rounds off the floating-point error in sums of decimal fractions. */
function rounded(seconds: number): number {
  return Math.round(seconds * 1_000) / 1_000
}
