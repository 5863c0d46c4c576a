/**
 * The options of Node.js that workers have from this process. They may work in another directory, so relative paths are made
 * absolute.
 */
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

export interface InheritedOptions {
  readonly flags: readonly string[]
  /** The environment of a worker, with the paths in this process's NODE_OPTIONS made absolute. */
  environment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv
}

export function inheritedOptions(
  execArgv: readonly string[],
  nodeOptions: string | undefined,
  directory: string,
): InheritedOptions {
  const absolute = nodeOptions && joinOptions(absoluteOptions(splitOptions(nodeOptions), directory))
  return {
    flags: absoluteOptions(execArgv, directory),
    environment: env =>
      // One that somebody else gives is meant for the directory of the workers.
      absolute !== undefined && env.NODE_OPTIONS === nodeOptions ? { ...env, NODE_OPTIONS: absolute } : env,
  }
}

/** The value is a module: only what begins with a dot is a path. */
const modules = new Set(['-r', '--require', '--import', '--loader', '--experimental-loader'])
/** The value is a path. */
const paths = new Set([
  '--cpu-prof-dir',
  '--diagnostic-dir',
  '--experimental-config-file',
  '--heap-prof-dir',
  '--icu-data-dir',
  '--openssl-config',
  '--redirect-warnings',
  '--report-dir',
  '--report-directory',
  '--tls-keylog',
])
/** The value is paths with commas between them, or an asterisk. */
const lists = new Set(['--allow-fs-read', '--allow-fs-write'])
/** What they set is in the environment, and the file may be gone. */
const dropped = new Set(['--env-file', '--env-file-if-exists'])

function absoluteOptions(options: readonly string[], directory: string): readonly string[] {
  const result: string[] = []
  for (let at = 0; at < options.length; at += 1) {
    const option = options[at] ?? ''
    const [, name = '', , inline] = /^(-[^=]*)(=([\s\S]*))?$/.exec(option) ?? []
    const isKnown = [modules, paths, lists, dropped].some(names => names.has(name))
    if (!isKnown) {
      result.push(option)
      continue
    }
    const value = inline ?? options[at + 1]
    if (inline === undefined) at += 1
    if (dropped.has(name)) continue
    if (value === undefined) result.push(option)
    else if (inline === undefined) result.push(option, absoluteValue(name, value, directory))
    else result.push(`${name}=${absoluteValue(name, value, directory)}`)
  }
  return result
}

function absoluteValue(name: string, value: string, directory: string): string {
  if (paths.has(name)) return resolve(directory, value)
  if (lists.has(name))
    return value
      .split(',')
      .map(path => (path === '*' ? path : resolve(directory, path)))
      .join()
  if (!/^\.{1,2}(?:\/|$)/.test(value)) return value
  const path = resolve(directory, value)
  // `--require` takes no URL, and in one of the others "%" and "#" would mean something else than in a path.
  return name === '-r' || name === '--require' ? path : pathToFileURL(path).href
}

/** As Node.js splits its variable: at spaces, but not in double quotes, in which a backslash escapes. */
function splitOptions(text: string): readonly string[] {
  const words = text.match(/(?:"(?:\\.|[^"\\])*"|[^\s"])+/g) ?? []
  return words.map(word =>
    word.replaceAll(/"((?:\\.|[^"\\])*)"/g, (_, quoted: string) => quoted.replaceAll(/\\(.)/g, '$1')),
  )
}

function joinOptions(options: readonly string[]): string {
  return options
    .map(option => (/[\s"\\]/.test(option) ? `"${option.replaceAll(/["\\]/g, '\\$&')}"` : option))
    .join(' ')
}
