import { outputOf } from './command.js'

/** The user's own Python, and the system's, for which a distribution packages its modules. */
const candidates: readonly string[] = ['python3', '/usr/bin/python3']

/** A Python that has all of these modules. */
export async function pythonWith(...modules: readonly string[]): Promise<string | undefined> {
  for (const python of candidates)
    if ((await outputOf(python, '-c', `import ${modules.join(', ')}`)) !== undefined) return python
  return undefined
}
