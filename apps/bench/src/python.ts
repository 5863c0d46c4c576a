/** Python peers, for comparison. They go into a cache folder if the index can be reached. Otherwise it takes installed ones. */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { outputOf } from './command.js'

const cache = fileURLToPath(new URL('../../../.cache/python', import.meta.url))

/** The one in the cache, the user's own, and the system's, for which a distribution packages its modules. */
const candidates: readonly string[] = [`${cache}/bin/python`, 'python3', '/usr/bin/python3']

/** A Python that has all of these modules, which come from `packages`. */
export async function pythonWith(
  modules: readonly string[],
  packages: readonly string[],
): Promise<string | undefined> {
  await install(packages)
  for (const python of candidates)
    if ((await outputOf(python, '-c', `import ${modules.join(', ')}`)) !== undefined) return python
  return undefined
}

/** Installs into a virtual environment of its own. Where that is not possible, nothing changes. */
async function install(packages: readonly string[]): Promise<void> {
  const python = `${cache}/bin/python`
  if (!existsSync(python)) await outputOf('python3', '-m', 'venv', cache)
  if (!existsSync(python)) return
  const isThere = await outputOf(python, '-m', 'pip', 'show', '--quiet', ...packages.map(plainName))
  if (isThere === undefined)
    await outputOf(
      python,
      '-m',
      'pip',
      'install',
      '--quiet',
      '--retries',
      '1',
      '--timeout',
      '10',
      ...packages,
    )
}

/** `uvicorn[standard]` is shown as `uvicorn`. */
function plainName(name: string): string {
  return name.replace(/\[.*/, '')
}
