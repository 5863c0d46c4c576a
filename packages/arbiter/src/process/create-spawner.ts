/** Makes the spawner of worker processes that is in use everywhere. */
import { inheritedOptions } from './inherited-options.js'
import { ProcessSpawner } from './process-spawner.js'
import type { Spawner } from './spawner.js'

export function createSpawner(): Spawner {
  // Relative to the built file, in which the entry points are below this one.
  const hostUrl = new URL('./host/main.js', import.meta.url)
  return new ProcessSpawner(
    hostUrl,
    inheritedOptions(process.execArgv, process.env.NODE_OPTIONS, process.cwd()),
  )
}
