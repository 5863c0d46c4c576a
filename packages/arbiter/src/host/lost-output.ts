/** What an app prints when nobody takes it: lost, but not worth a worker. */
import { writeRecord } from './diagnostics.js'

/** Says once that a line was lost. Without it, Node ends the process for the first one, as nothing else listens for the error. */
export function outliveLostOutput(name: 'stdout' | 'stderr'): void {
  const words = name === 'stdout' ? 'standard output' : 'standard error'
  let isTold = false
  process[name].on('error', (error: NodeJS.ErrnoException) => {
    if (isTold) return
    isTold = true
    writeRecord('warn', `What the app prints on ${words} is lost: it cannot be written`, { error })
  })
}
