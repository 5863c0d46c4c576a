/**
 * Whether the package of a worker class and this arbiter are made for each other. The revision of the contract decides
 * whether a class can run at all; this reports what a package manager says only when something is installed.
 */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isRecord } from '../is-record.js'
import { ancestors } from '../modules/resolve-package.js'
import { isWithinBounds } from './version-bounds.js'

const arbiterPackage = '@tunicorn/arbiter'

/** The package that holds a module. */
export interface HoldingPackage {
  /** Absolute path of its folder. */
  readonly folder: string
  readonly name: string
  /** Empty when its manifest has none. */
  readonly version: string
  /** The versions of the arbiter that it requires as a peer dependency. */
  readonly arbiterRange: string | undefined
}

/** The nearest package with a name around a `file:` URL. */
export function packageOf(url: string): HoldingPackage | undefined {
  for (const folder of ancestors(dirname(fileURLToPath(url)))) {
    const manifest = readManifest(folder)
    if (typeof manifest?.name !== 'string') continue
    const peers = isRecord(manifest.peerDependencies) ? manifest.peerDependencies : {}
    const range = peers[arbiterPackage]
    return {
      folder,
      name: manifest.name,
      version: typeof manifest.version === 'string' ? manifest.version : '',
      arbiterRange: typeof range === 'string' ? range : undefined,
    }
  }
  return undefined
}

/**
 * What does not fit between the package of a worker class and the arbiter that is to run it: the range that it asks
 * for, and the copy of the arbiter that it would import.
 *
 * @param url the module of the worker class
 * @param version of the arbiter that asks
 */
export async function versionProblems(url: string, version: string): Promise<readonly string[]> {
  const holder = packageOf(url)
  if (holder === undefined) return []
  const problems: string[] = []
  const { arbiterRange } = holder
  if (arbiterRange !== undefined && !(await isInRange(version, arbiterRange)))
    problems.push(
      `${labelOf(holder)} is made for ${arbiterPackage} ${arbiterRange}, and ${version} runs it. Install versions that fit: npm install tunicorn@latest ${holder.name}@latest`,
    )
  const other = arbiterSeenFrom(holder.folder)
  if (other !== undefined && other.version !== version)
    problems.push(
      `${labelOf(holder)} uses ${arbiterPackage} ${other.version} in ${other.folder}, and ${version} runs it. Keep one of them: npm install ${arbiterPackage}@${version}`,
    )
  return problems
}

function labelOf({ name, version }: HoldingPackage): string {
  return version === '' ? name : `${name} ${version}`
}

/** The library is loaded for the ranges that need it: every start would pay for it. */
async function isInRange(version: string, range: string): Promise<boolean> {
  // What is linked or taken from a repository has a range that names no versions.
  if (/^[a-z+]+:/.test(range)) return true
  const isWithin = isWithinBounds(version, range)
  if (isWithin !== undefined) return isWithin
  const { default: satisfies } = await import('semver/functions/satisfies.js')
  return satisfies(version, range, { includePrerelease: true })
}

/** The copy of the arbiter that `import '@tunicorn/arbiter'` in a folder would load. */
function arbiterSeenFrom(folder: string): { readonly folder: string; readonly version: string } | undefined {
  for (const ancestor of ancestors(folder)) {
    const candidate = join(ancestor, 'node_modules', arbiterPackage)
    if (!existsSync(join(candidate, 'package.json'))) continue
    const version = readManifest(candidate)?.version
    return typeof version === 'string' ? { folder: candidate, version } : undefined
  }
  return undefined
}

function readManifest(folder: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const manifest: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    return isRecord(manifest) ? manifest : undefined
  } catch {
    // No manifest, or none that can be read: not the folder of a package.
    return undefined
  }
}
