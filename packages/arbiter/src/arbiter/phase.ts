/** Decides the phase of an arbiter. */
import type { ArbiterPhase } from '../supervision/arbiter-phase.js'
import type { StopMode } from './stop-request.js'

export interface PhaseInput {
  /** Absent: no stop was requested. */
  readonly stopMode: StopMode | undefined
  readonly isReady: boolean
  readonly isUpgrading: boolean
  readonly isReloading: boolean
  /** All workers stay drained until a reload. */
  readonly isParked: boolean
}

export function phaseOf({ stopMode, isReady, isUpgrading, isReloading, isParked }: PhaseInput): ArbiterPhase {
  if (stopMode) return 'stopping'
  if (!isReady) return 'starting'
  if (isUpgrading) return 'upgrading'
  if (isReloading) return 'reloading'
  return isParked ? 'parked' : 'serving'
}
