/**
 * Imports a module as if Node had been started with it: `require.main` is the module, and `process.argv` names its file.
 * `import.meta.main` cannot be set.
 */
import nodeModule from 'node:module'
import { fileURLToPath } from 'node:url'

type Load = (request: string, parent: unknown, isMain: boolean) => unknown

/** The part of Node's CommonJS loader that is used here. It has no types. */
interface Loader {
  _load: Load
  readonly _cache: Readonly<Record<string, NodeJS.Module | undefined>>
}

export async function asMainModule<Module>(url: string, load: () => Promise<Module>): Promise<Module> {
  if (!url.startsWith('file:')) return load()
  const path = fileURLToPath(url)
  process.argv = [process.argv[0] ?? process.execPath, path]
  // `import` loads a CommonJS module through this function, which tracing tools replace too.
  const loader = nodeModule as unknown as Loader
  const original = loader._load
  loader._load = function (this: unknown, request, parent, isMain) {
    const isEntry = request === path && parent == null
    if (isEntry) markAsMain(loader._cache[path])
    if (isEntry && loader._load === replacement) loader._load = original
    return Reflect.apply(original, this, [request, parent, isEntry || isMain])
  }
  const replacement = loader._load
  try {
    return await load()
  } finally {
    if (loader._load === replacement) loader._load = original
  }
}

/** `import` has already created the module, and Node 20 then ignores being told that it is the main one. */
function markAsMain(module: NodeJS.Module | undefined): void {
  if (module === undefined) return
  module.id = '.'
  process.mainModule = module
}
