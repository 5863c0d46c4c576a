/** Makes the second and every later process compile less, where Node can. */
import nodeModule from 'node:module'

/**
 * From here on Node keeps what it has compiled in its own cache folder, and takes it from there in the next process.
 * Node 20 cannot; `NODE_DISABLE_COMPILE_CACHE` turns it off.
 */
export function startCompileCache(): void {
  const enable: unknown = Reflect.get(nodeModule, 'enableCompileCache')
  if (typeof enable === 'function') enable()
}
