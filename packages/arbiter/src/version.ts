import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { TunicornError } from './errors.js'
import { lostFile } from './lost-file.js'

/**
 * The version of this package, from its manifest; a build has the manifest one folder up.
 *
 * @throws TunicornError `RELOAD_FAILED` when the package is gone, which only a server that runs for longer can see
 */
export function readVersion(): string {
  const manifest: unknown = JSON.parse(
    readManifest(fileURLToPath(new URL('../package.json', import.meta.url))),
  )
  const isManifest = typeof manifest === 'object' && manifest !== null && 'version' in manifest
  return isManifest ? String(manifest.version) : '0.0.0'
}

function readManifest(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new TunicornError('RELOAD_FAILED', `There is no ${lostFile(path)}`, { cause })
  }
}
