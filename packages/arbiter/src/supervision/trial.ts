/**
 * The first workers of a new arbiter serve beside those of its predecessor for a while. If they do not last, the predecessor
 * continues. Pure, except for the state that it changes.
 */
import { TunicornError } from '../errors.js'
import { isUnheard } from './rollout-gate.js'
import type { ArbiterState, Trial, Writable } from './state.js'

/** Code that has always crashed now and then can still be replaced. */
const allowedFailures = 1
const maxProblems = 3

/** From now on, unasked ends of workers count. */
export function beginTrial(state: Writable<ArbiterState>, now: number): void {
  state.trial = { since: now, failures: 0, problems: [] }
}

export function endTrial(state: Writable<ArbiterState>): void {
  state.trial = undefined
}

/** A worker has ended unasked. `weight`: how many failures it stands for. */
export function noteTrial(state: ArbiterState, problem: string, weight: number): void {
  const trial: Writable<Trial> | undefined = state.trial
  if (!trial) return
  trial.failures += weight
  trial.problems = [...new Set([...trial.problems, problem])].slice(0, maxProblems)
}

/**
 * Whether the workers have served for long enough.
 *
 * @throws TunicornError `UPGRADE_FAILED`, `ARBITER_STOPPED` if they do not
 */
export function isTrialOver(state: ArbiterState, windowMs: number, now: number): boolean {
  const { stop, table, trial } = state
  if (stop) throw new TunicornError('ARBITER_STOPPED', 'The arbiter was stopped')
  if (!trial) return true
  if (trial.failures > allowedFailures) throw new TunicornError('UPGRADE_FAILED', trial.problems.join('; '))
  if (now - trial.since < windowMs) return false
  // For workers that are blocked, their timeout decides.
  return !table.rows().some(row => row.state === 'serving' && isUnheard(state, row, now))
}
