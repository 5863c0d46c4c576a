/** A button that starts a load run and one that stops it. Runs of one pair never overlap. */

export interface RunButtons {
  readonly start: HTMLButtonElement
  readonly stop: HTMLButtonElement
  /** Resolves when the run is over, even if `signal` has stopped it. Rejects if the run could not be completed. */
  readonly run: (signal: AbortSignal) => Promise<void>
  /** `problem`: the run could not be completed. */
  readonly changed: (state: 'running' | 'stopped' | 'done' | 'problem', problem?: string) => void
}

export function bindRunButtons({ start, stop, run, changed }: RunButtons): void {
  let stopping = new AbortController()
  const setRunning = (isRunning: boolean): void => {
    start.disabled = isRunning
    stop.disabled = !isRunning
  }
  start.addEventListener('click', async () => {
    stopping = new AbortController()
    const { signal } = stopping
    setRunning(true)
    changed('running')
    try {
      await run(signal)
      changed(signal.aborted ? 'stopped' : 'done')
    } catch (error) {
      if (signal.aborted) changed('stopped')
      else changed('problem', error instanceof Error ? error.message : String(error))
    }
    setRunning(false)
  })
  stop.addEventListener('click', () => stopping.abort())
}
