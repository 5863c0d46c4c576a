/** Tells the observers whenever the phase of an arbiter changes. */
import type { ArbiterPhase } from '../supervision/arbiter-phase.js'
import type { Observers } from '../supervision/observers.js'
import { type PhaseInput, phaseOf } from './phase.js'

export class PhaseTracker {
  readonly #observers: Observers
  readonly #course: () => PhaseInput
  #phase: ArbiterPhase = 'starting'

  constructor(observers: Observers, course: () => PhaseInput) {
    this.#observers = observers
    this.#course = course
  }

  get phase(): ArbiterPhase {
    return this.#phase
  }

  /** To be called whenever the phase may have changed. */
  update(): void {
    const phase = phaseOf(this.#course())
    if (phase === this.#phase) return
    this.#phase = phase
    this.#observers.phaseChanged(phase)
  }
}
