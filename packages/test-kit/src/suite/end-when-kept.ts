/** Ends a process that a class keeps alive after its suite, and says what keeps it alive. */
import { listResources, resourcesBeyond } from '../processes/resources-beyond.js'

export interface EndWhenKept {
  /** Name of the worker class. */
  readonly name: string
  /** Resources from before the suite, as Node names them. */
  readonly known: readonly string[]
  /** How long the process has to end by itself. */
  readonly graceMs: number
}

/** Call it when the suite is over. The exit code of the process stays what it is. */
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
