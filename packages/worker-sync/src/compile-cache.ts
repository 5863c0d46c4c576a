/** Makes the second and every later process compile less, if Node can. */
import nodeModule from 'node:module'

/**
 * From here on, Node keeps compiled code in its own cache folder, and the next process loads it from there. Node 20 cannot do
 * that. `NODE_DISABLE_COMPILE_CACHE` turns it off.
 */
export function startCompileCache(): void {
  const enable: unknown = Reflect.get(nodeModule, 'enableCompileCache')
  if (typeof enable === 'function') enable()
}
