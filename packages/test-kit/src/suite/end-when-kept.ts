/** Ends a process that a class keeps after its suite, and says what keeps it. */
import { listResources, resourcesBeyond } from '../processes/resources-beyond.js'

export interface EndWhenKept {
  /** Of the worker class. */
  readonly name: string
  /** Resources from before the suite, as Node calls them. */
  readonly known: readonly string[]
  /** How long the process has to end by itself. */
  readonly graceMs: number
}

/** To be called when the suite is over. The exit code is that of the process so far. */
export function endWhenKept({ name, known, graceMs }: EndWhenKept): void {
  const look = (): void => {
    const left = resourcesBeyond(known, process.getActiveResourcesInfo())
    process.stderr.write(
      `worker class ${name} has left ${listResources(left)} in the process of its suite, which does not end by itself: it is ended now\n`,
      () => process.exit(),
    )
  }
  setTimeout(look, graceMs).unref()
}
