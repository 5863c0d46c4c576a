/** What an app prints when nobody reads it is lost, but that must not end a worker. */
import { writeRecord } from './diagnostics.js'

/** Reports once that a line was lost. Otherwise Node ends the process at the first one, because nothing listens for the error. */
export function outliveLostOutput(name: 'stdout' | 'stderr'): void {
  const words = name === 'stdout' ? 'standard output' : 'standard error'
  let isTold = false
  process[name].on('error', (error: NodeJS.ErrnoException) => {
    if (isTold) return
    isTold = true
    writeRecord('warn', `What the app prints on ${words} is lost: it cannot be written`, { error })
  })
}
