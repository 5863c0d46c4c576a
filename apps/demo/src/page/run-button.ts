/** A button that starts a load run and one that stops it. Runs of one pair never overlap. */
import type { Plan } from '../shared/plan.js'
import type { Progress } from '../shared/progress.js'
import type { Orders } from './orders.js'

export interface RunButtons {
  readonly start: HTMLButtonElement
  readonly stop: HTMLButtonElement
  readonly plan: Plan
  readonly orders: Orders
  readonly report: (progress: Progress) => void
  /** `problem`: the run did not come to its end. */
  readonly changed: (state: 'running' | 'stopped' | 'done' | 'problem', problem?: string) => void
}

export function bindRunButtons({ start, stop, plan, orders, report, changed }: RunButtons): void {
  let stopping = new AbortController()
  const setRunning = (isRunning: boolean): void => {
    start.disabled = isRunning
    stop.disabled = !isRunning
  }
  start.addEventListener('click', async () => {
    stopping = new AbortController()
    setRunning(true)
    changed('running')
    try {
      await orders.run(plan, report, stopping.signal)
      changed(stopping.signal.aborted ? 'stopped' : 'done')
    } catch (error) {
      changed('problem', error instanceof Error ? error.message : String(error))
    }
    setRunning(false)
  })
  stop.addEventListener('click', () => stopping.abort())
}
