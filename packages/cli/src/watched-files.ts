/** Which files the setting `reload` watches. Pure. */
import { dirname, extname, parse, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface WatchedFiles {
  /** Directories of code. */
  readonly directories: readonly string[]
  /** Files and directories that are watched whatever their names. */
  readonly extra: readonly string[]
  /** Files and directories in `directories` that are not watched. */
  readonly ignored: readonly string[]
}

/** What a module can be made from. An app's databases, logs and uploads are not, and must not trigger a reload. */
const codeExtensions: ReadonlySet<string> = new Set([
  '.js',
  '.mjs',
  '.cjs',
  '.jsx',
  '.ts',
  '.mts',
  '.cts',
  '.tsx',
  '.json',
  '.node',
  '.wasm',
])

/** The directories of the apps, which are `file:` URLs, and everything else that is to be watched. */
export function watchedFiles(input: {
  readonly apps: readonly string[]
  readonly extra: readonly string[]
  readonly ignored: readonly string[]
}): WatchedFiles {
  const files = input.apps.map(url => fileURLToPath(url))
  // An app directly below the root of the file system would cause the whole machine to be watched.
  const isRoot = (directory: string): boolean => directory === parse(directory).root
  const directories = files.map(file => dirname(file)).filter(directory => !isRoot(directory))
  const alone = files.filter(file => isRoot(dirname(file)))
  const { extra, ignored } = input
  return { directories: [...new Set(directories)], extra: [...new Set([...extra, ...alone])], ignored }
}

/** Whether a change of `path` counts. `isDirectory`: whether to look at what is below it. */
export function isWatched(path: string, isDirectory: boolean, files: WatchedFiles): boolean {
  const { directories, extra, ignored } = files
  if (extra.some(root => isWithin(path, root))) return true
  if (ignored.some(root => isWithin(path, root))) return false
  return directories.some(root => isWithin(path, root) && isCode(relative(root, path), isDirectory))
}

export function isSameSet(left: WatchedFiles, right: WatchedFiles): boolean {
  return JSON.stringify(left) === JSON.stringify(right)
}

/** Only directories below the root are checked: the root itself may well be in `node_modules`. */
function isCode(path: string, isDirectory: boolean): boolean {
  const parts = path.split(sep)
  if (parts.some(part => part === 'node_modules' || (part.startsWith('.') && part !== '.'))) return false
  return isDirectory || codeExtensions.has(extname(path).toLowerCase())
}

function isWithin(path: string, root: string): boolean {
  return path === root || path.startsWith(root.endsWith(sep) ? root : root + sep)
}
