/** Creates the spawner of worker processes that is used everywhere. */
import { inheritedOptions } from './inherited-options.js'
import { ProcessSpawner } from './process-spawner.js'
import type { Spawner } from './spawner.js'

export function createSpawner(): Spawner {
  // Relative to the built file: the entry points are in folders below it.
  const hostUrl = new URL('./host/main.js', import.meta.url)
  return new ProcessSpawner(
    hostUrl,
    inheritedOptions(process.execArgv, process.env.NODE_OPTIONS, process.cwd()),
  )
}
