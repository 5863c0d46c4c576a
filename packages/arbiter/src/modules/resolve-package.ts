/**
 * Finds the file that `import 'x'` would load in a given directory. `import.meta.resolve` cannot resolve on behalf of another
 * directory, and `require.resolve` refuses packages that export only to `import`.
 */
import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, isAbsolute, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { isRecord } from '../is-record.js'

/** The result of a search. */
export type PackageResolution =
  | { readonly type: 'found'; readonly url: string }
  /** No package of this name in any `node_modules` from the directory upwards. */
  | { readonly type: 'missing' }
  /** The package exists, but not what was requested from it. `problem` completes "the package `x` …". */
  | { readonly type: 'broken'; readonly problem: string }

/** Resolves a package name with an optional subpath, as ESM in `directory` would. */
export function resolvePackage(specifier: string, directory: string): PackageResolution {
  const request = parseRequest(specifier)
  if (request === undefined) return { type: 'missing' }
  const folder = findPackageFolder(request.name, directory)
  if (folder === undefined) return resolveWithoutFolders(specifier, directory)

  const manifest = readManifest(folder)
  const entry =
    manifest.exports === undefined || manifest.exports === null
      ? legacyEntry(request.subpath, manifest.main)
      : exportsEntry(manifest.exports, request.subpath)
  if (entry === undefined) return { type: 'broken', problem: `does not export \`${request.subpath}\`` }
  const file = [entry, ...legacyExtensions(entry, manifest)]
    .map(path => join(folder, path))
    .find(path => statSync(path, { throwIfNoEntry: false })?.isFile())
  if (file === undefined)
    return { type: 'broken', problem: `exports \`${entry}\`, which does not exist; is it built?` }
  return { type: 'found', url: pathToFileURL(realpathSync(file)).href }
}

/** Every directory from `directory` up to the root. */
export function* ancestors(directory: string): Generator<string> {
  for (let current = directory; ; current = dirname(current)) {
    yield current
    if (current === dirname(current)) return
  }
}

interface Manifest {
  readonly exports?: unknown
  readonly main?: unknown
}

function parseRequest(specifier: string): { readonly name: string; readonly subpath: string } | undefined {
  const match = /^((?:@[^/@\\%]+\/)?[^./@\\%][^/@\\%]*)(\/.+)?$/.exec(specifier)
  return match?.[1] === undefined ? undefined : { name: match[1], subpath: `.${match[2] ?? ''}` }
}

function findPackageFolder(name: string, directory: string): string | undefined {
  for (const ancestor of ancestors(directory)) {
    const folder = join(ancestor, 'node_modules', name)
    if (existsSync(join(folder, 'package.json'))) return folder
  }
  return undefined
}

/** Package managers without `node_modules` make `require` find packages by itself. */
function resolveWithoutFolders(specifier: string, directory: string): PackageResolution {
  try {
    const file = createRequire(join(directory, 'package.json')).resolve(specifier)
    // The name of a Node built-in is returned unchanged.
    return isAbsolute(file) ? { type: 'found', url: pathToFileURL(file).href } : { type: 'missing' }
  } catch {
    return { type: 'missing' }
  }
}

function readManifest(folder: string): Manifest {
  try {
    const manifest: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    return typeof manifest === 'object' && manifest !== null ? manifest : {}
  } catch {
    return {}
  }
}

function legacyEntry(subpath: string, main: unknown): string {
  if (subpath !== '.') return subpath
  return typeof main === 'string' && main !== '' ? main : 'index.js'
}

/** In `main` the extension may be omitted; in `exports` it may not. */
function legacyExtensions(entry: string, manifest: Manifest): readonly string[] {
  return manifest.exports === undefined ? [`${entry}.js`, join(entry, 'index.js')] : []
}

const conditions: ReadonlySet<string> = new Set(['node', 'import', 'module-sync', 'default'])

function exportsEntry(exports: unknown, subpath: string): string | undefined {
  const isTable = isRecord(exports) && Object.keys(exports).some(key => key.startsWith('.'))
  if (!isTable) return subpath === '.' ? target(exports, '') : undefined
  if (Object.hasOwn(exports, subpath)) return target(exports[subpath], '')
  for (const { pattern, prefix, suffix } of patterns(exports)) {
    const fits =
      subpath.startsWith(prefix) && subpath.endsWith(suffix) && subpath.length > prefix.length + suffix.length
    if (fits) return target(exports[pattern], subpath.slice(prefix.length, subpath.length - suffix.length))
  }
  return undefined
}

/** Subpath patterns, the most specific first. */
function patterns(exports: Readonly<Record<string, unknown>>): readonly {
  readonly pattern: string
  readonly prefix: string
  readonly suffix: string
}[] {
  return Object.keys(exports)
    .filter(key => key.includes('*'))
    .map(pattern => {
      const [prefix = '', suffix = ''] = pattern.split('*')
      return { pattern, prefix, suffix }
    })
    .sort((left, right) => right.prefix.length - left.prefix.length)
}

/** The path of a target under our conditions. `null` in a target hides that entry. */
function target(value: unknown, match: string): string | undefined {
  if (typeof value === 'string') return value.startsWith('./') ? value.replaceAll('*', match) : undefined
  if (Array.isArray(value)) return firstDefined(value, item => target(item, match))
  if (!isRecord(value)) return undefined
  for (const [condition, inner] of Object.entries(value)) {
    if (!conditions.has(condition)) continue
    if (inner === null) return undefined
    const found = target(inner, match)
    if (found !== undefined) return found
  }
  return undefined
}

function firstDefined(
  items: readonly unknown[],
  read: (item: unknown) => string | undefined,
): string | undefined {
  for (const item of items) {
    const found = read(item)
    if (found !== undefined) return found
  }
  return undefined
}
