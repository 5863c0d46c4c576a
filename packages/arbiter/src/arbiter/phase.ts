/** What an arbiter is about, and how hard it stops. */
import type { ArbiterPhase } from '../control/status.js'

/** How hard a stop is. `graceful` lets requests finish, `quick` gives them a second, `kill` gives them nothing. */
export type StopMode = 'graceful' | 'quick' | 'kill'

export interface Course {
  /** Absent: nobody has asked for a stop. */
  readonly stopMode: StopMode | undefined
  readonly isReady: boolean
  readonly isUpgrading: boolean
  readonly isReloading: boolean
  /** All workers are drained, until a reload. */
  readonly isParked: boolean
}

export function phaseOf({ stopMode, isReady, isUpgrading, isReloading, isParked }: Course): ArbiterPhase {
  if (stopMode) return 'stopping'
  if (!isReady) return 'starting'
  if (isUpgrading) return 'upgrading'
  if (isReloading) return 'reloading'
  return isParked ? 'parked' : 'serving'
}

/** A stop is never taken back, and asked for twice in a hurry it kills. */
export function hardened(current: StopMode | undefined, wanted: StopMode): StopMode {
  if (current === undefined || current === 'graceful') return wanted
  return wanted === 'graceful' ? current : 'kill'
}
