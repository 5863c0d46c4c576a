/** Files with environment variables, in the format that Node.js reads. */
import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'

/**
 * The variables of all files; a later file wins.
 *
 * @param refused is called for each file that cannot be read
 */
export function readEnvFiles(
  files: readonly string[],
  refused: (file: string, why: string) => void,
): Readonly<Record<string, string>> {
  const read = files.map(file => {
    try {
      return parseEnv(readFileSync(file, 'utf8'))
    } catch (error) {
      refused(file, error instanceof Error ? error.message : String(error))
      return {}
    }
  })
  return Object.assign({}, ...read)
}
