/** Finds the worker classes that a project has installed, by the names of packages; imports none of them. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ancestors, type PackageResolution, resolvePackage } from '../modules/resolve-package.js'

/** A worker class that is installed. */
export interface InstalledWorkerClass {
  /** What to give as `workerClass`: the short name, or the package where it has none. */
  readonly name: string
  readonly packageName: string
  /** `file:` URL of the module. */
  readonly url: string
  /** The project's own `package.json` names it; otherwise it merely lies in a `node_modules` that the project sees. */
  readonly isDeclared: boolean
}

const ownScope = '@tunicorn'
const ownPrefix = '@tunicorn/worker-'
const otherPrefix = 'tunicorn-worker-'

/** A package that is named like a worker class, whether or not it can be resolved. */
export interface WorkerPackage extends Omit<InstalledWorkerClass, 'url'> {
  readonly resolution: PackageResolution
}

/** The packages named like worker classes that the project declares or sees, sorted by name. */
export function workerPackages(directory: string): readonly WorkerPackage[] {
  const declared = new Set(declaredPackages(directory).filter(isWorkerPackage))
  return [...new Set([...declared, ...presentPackages(directory)])]
    .map(packageName => ({
      name: shortName(packageName),
      packageName,
      isDeclared: declared.has(packageName),
      resolution: resolvePackage(packageName, directory),
    }))
    .sort((left, right) => (left.name < right.name ? -1 : 1))
}

/** The installed worker classes, sorted by name. Packages that cannot be resolved are left out. */
export function installedWorkerClasses(directory: string): readonly InstalledWorkerClass[] {
  return workerPackages(directory).flatMap(({ resolution, ...rest }) =>
    resolution.type === 'found' ? [{ ...rest, url: resolution.url }] : [],
  )
}

function isWorkerPackage(name: string): boolean {
  return name.startsWith(ownPrefix) || (name.split('/').at(-1) ?? '').startsWith(otherPrefix)
}

function shortName(packageName: string): string {
  for (const prefix of [ownPrefix, otherPrefix])
    if (packageName.startsWith(prefix)) return packageName.slice(prefix.length)
  return packageName
}

/** Dependencies in the nearest `package.json`. */
function declaredPackages(directory: string): readonly string[] {
  for (const ancestor of ancestors(directory)) {
    const manifest = readObject(join(ancestor, 'package.json'))
    if (manifest === undefined) continue
    return ['dependencies', 'devDependencies', 'optionalDependencies'].flatMap(field =>
      Object.keys(manifest[field] ?? {}),
    )
  }
  return []
}

/** Packages named like worker classes in every `node_modules` from the directory upwards. */
function presentPackages(directory: string): readonly string[] {
  return [...ancestors(directory)].flatMap(ancestor => {
    const modules = join(ancestor, 'node_modules')
    const scoped = entriesOf(join(modules, ownScope)).map(entry => `${ownScope}/${entry}`)
    return [...scoped, ...entriesOf(modules)].filter(isWorkerPackage)
  })
}

function entriesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    // Most of the folders above a project have no `node_modules`.
    return []
  }
}

function readObject(file: string): Readonly<Record<string, object | undefined>> | undefined {
  try {
    const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'))
    if (typeof parsed !== 'object' || parsed === null) return undefined
    const fields = Object.entries(parsed).filter(([, value]) => typeof value === 'object' && value !== null)
    return Object.fromEntries(fields)
  } catch {
    return undefined
  }
}
