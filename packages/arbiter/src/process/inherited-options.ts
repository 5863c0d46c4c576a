/**
 * The options of Node.js that workers inherit from this process. They may work in another directory, so relative paths are made
 * absolute.
 */
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

export interface InheritedOptions {
  readonly flags: readonly string[]
  /** The environment of a worker, in which the paths in this process's NODE_OPTIONS are absolute. */
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
      // A value from another source is meant for the workers' directory.
      absolute !== undefined && env.NODE_OPTIONS === nodeOptions ? { ...env, NODE_OPTIONS: absolute } : env,
  }
}

/** Their value is a module: it is a path only if it begins with a dot. */
const modules = new Set(['-r', '--require', '--import', '--loader', '--experimental-loader'])
/** Their value is a path. */
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
/** Their value is a list of paths separated by commas, or an asterisk. */
const lists = new Set(['--allow-fs-read', '--allow-fs-write'])
/** The variables that they set are already in the environment, and the file may be gone. */
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
  // `--require` takes no URL. The others take URLs, where "%" and "#" mean something else than in a path.
  return name === '-r' || name === '--require' ? path : pathToFileURL(path).href
}

/** Splits as Node.js does: at spaces, except in double quotes, where a backslash escapes. */
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
