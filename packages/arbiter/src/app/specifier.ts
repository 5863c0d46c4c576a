/** Finds the file of an app without importing it, because the arbiter runs no app code. */
import { statSync } from 'node:fs'
import { basename, dirname, extname, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { TunicornError } from '../errors.js'
import { resolvePackage } from '../modules/resolve-package.js'

/** Where an app is. */
export interface AppLocation {
  /** `file:` URL of the module. */
  readonly url: string
  /** The requested export. Empty: `default`, else `app`. */
  readonly exportName: string
  /** As the user wrote it. */
  readonly specifier: string
}

/** Extensions that a user may have omitted or confused. */
const extensions = ['.js', '.mjs', '.cjs', '.ts', '.mts', '.cts']

/**
 * Finds the app that a specifier names: a path relative to `directory` or a package installed for it, then optional `:export`. A
 * name without `./` is a path when that file exists, and a package otherwise.
 *
 * @throws TunicornError `APP_NOT_FOUND`
 */
export function locateApp(specifier: string, directory: string): AppLocation {
  const { name, exportName } = splitExport(specifier)
  const path = name.startsWith('file:') ? pathOfUrl(name, specifier) : resolve(directory, name)
  if (isFile(path)) return { url: pathToFileURL(path).href, exportName, specifier }
  if (isPath(name)) throw notFound(specifier, path)

  const resolution = resolvePackage(name, directory)
  switch (resolution.type) {
    case 'found':
      return { url: resolution.url, exportName, specifier }
    case 'broken':
      throw new TunicornError(
        'APP_NOT_FOUND',
        `The app \`${specifier}\` was not found: the package \`${name}\` ${resolution.problem}`,
      )
    case 'missing':
      throw notFound(specifier, path, ` and no package \`${name}\` is installed there`)
  }
}

/** The text after the last colon is the export if it is a possible name. Otherwise it belongs to the path. */
function splitExport(specifier: string): { readonly name: string; readonly exportName: string } {
  const match = /^(.*[^:]):([\p{ID_Start}$_][\p{ID_Continue}$]*(?:\(\))?)$/u.exec(specifier)
  const [, name, exportName] = match ?? []
  if (name === undefined || exportName === undefined || name === 'file')
    return { name: specifier, exportName: '' }
  return { name, exportName }
}

function isPath(name: string): boolean {
  return /^(\.{0,2}\/|\.{1,2}$|file:)/.test(name)
}

function pathOfUrl(url: string, specifier: string): string {
  try {
    return fileURLToPath(url)
  } catch (cause) {
    throw new TunicornError(
      'APP_NOT_FOUND',
      `The app \`${specifier}\` was not found: \`${url}\` is not the URL of a file`,
      { cause },
    )
  }
}

function notFound(specifier: string, path: string, further = ''): TunicornError {
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
  const reason = isFolder ? `${path} is a directory` : `there is no file ${path}`
  const neighbour = neighbourOf(path)
  const hint = neighbour === undefined ? '' : `. Did you mean \`${neighbour}\`?`
  return new TunicornError(
    'APP_NOT_FOUND',
    `The app \`${specifier}\` was not found: ${reason}${further}${hint}`,
  )
}

/** A file that differs from `path` only in its extension, or the index file of that folder. */
function neighbourOf(path: string): string | undefined {
  const stem = extensions.includes(extname(path)) ? basename(path, extname(path)) : basename(path)
  const beside = extensions.map(extension => join(dirname(path), `${stem}${extension}`))
  const inside = extensions.map(extension => join(path, `index${extension}`))
  return [...beside, ...inside].find(isFile)
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false
}
