/** Makes the spawner of worker processes that is in use everywhere. */
import { ProcessSpawner } from './process-spawner.js'
import type { Spawner } from './spawner.js'

export function createSpawner(): Spawner {
  // Relative to the built file, in which the entry points are below this one.
  return new ProcessSpawner(new URL('./host/main.js', import.meta.url))
}
