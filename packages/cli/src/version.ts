import { readFileSync } from 'node:fs'

/** What `--version` prints. */
export function versionLine(): string {
  // The source file is as deep below the package as the built file.
  const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  const version =
    typeof manifest === 'object' && manifest !== null && 'version' in manifest && manifest.version
  return `tunicorn ${version} (Node.js ${process.version})\n`
}
