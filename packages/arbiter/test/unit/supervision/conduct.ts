/** How simulated workers behave. */

/** Times in milliseconds; infinite: never. */
export interface Conduct {
  /** `deaf`: it blocks its event loop for good. */
  readonly boot: 'ok' | 'fails' | 'dies' | 'deaf'
  readonly bootMs: number
  /** From the order to serve until it does. */
  readonly serveMs: number
  /** It cannot listen. */
  readonly isServeRefused: boolean
  /** All of these are counted from when it serves. */
  readonly diesAfterMs: number
  readonly retiresAfterMs: number
  /** It has served all it may, and drains by itself. */
  readonly leavesAfterMs: number
  readonly blocksAfterMs: number
  readonly babblesAfterMs: number
  readonly unreadAfterMs: number
  readonly blockedMs: number
  readonly drainMs: number
  /** Does not drain. */
  readonly isStubborn: boolean
  /** Says that it has drained, and stays. */
  readonly isLingering: boolean
  readonly rss: number
  /** What it says may be read after its exit was heard of. */
  readonly channelLagMs: number
}

const never = Number.POSITIVE_INFINITY
export const goodConduct: Conduct = {
  boot: 'ok',
  bootMs: 200,
  serveMs: 5,
  isServeRefused: false,
  diesAfterMs: never,
  retiresAfterMs: never,
  leavesAfterMs: never,
  blocksAfterMs: never,
  babblesAfterMs: never,
  unreadAfterMs: never,
  blockedMs: 0,
  drainMs: 300,
  isStubborn: false,
  isLingering: false,
  rss: 1_000_000,
  channelLagMs: 0,
}
