import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { TunicornError } from './errors.js'
import { lostFile } from './lost-file.js'

/**
 * The version of this package, from its manifest, which is one folder above the build.
 *
 * @throws TunicornError `RELOAD_FAILED` when the package is gone, which can only happen to a server that is already running
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
