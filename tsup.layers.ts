/**
 * Puts the chunks of a built package together. The bundler makes one for each set of entries that share code, dozens in all, and
 * every file that Node loads costs the start of a process half a millisecond.
 */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { build, type Plugin } from 'esbuild'

/** Chunks that become one file, because whoever loads one of them loads most of them. */
export interface Layer {
  /** Of its file. That of an entry: the chunks go into the entry. */
  readonly name: string
  /** Built files. What they load at once, and no layer before this one, is the layer. */
  readonly entries: readonly string[]
}

type Files = ReadonlyMap<string, string>

/** As bundlers write it: `import { a, b as c } from './chunk-X.js';`, with `export` in its place, or without names. */
const statement = /^(import|export) (?:\{([^}]*)\} from )?["'](\.[^"']+)["'];$/gm
const exported = /^export \{([^}]*)\};$/m

/** A layer imports only those before it: they come in the order in which processes need them. */
export async function joinChunks(folder: string, layers: readonly Layer[]): Promise<void> {
  const files = builtFiles(folder)
  const layerOf = placesOf(files, layers)
  const joined = new Map(files)
  for (const name of layers.map(layer => `${layer.name}.js`)) {
    const chunks = [...layerOf.keys()].filter(chunk => layerOf.get(chunk) === name)
    if (!chunks.some(isChunk))
      throw new Error(`There are no chunks for ${name}: leave the layer out of the build`)
    joined.set(name, await joinOf(folder, files, chunks))
  }
  for (const [name, code] of joined)
    if (layerOf.has(name) && layerOf.get(name) !== name) rmSync(join(folder, name))
    else writeFileSync(join(folder, name), redirected(name, code, layerOf))
}

/** The layer of each chunk that is in one. What a layer loads only when it is wanted is in none: it would bring the rest of its layer. */
function placesOf(files: Files, layers: readonly Layer[]): ReadonlyMap<string, string> {
  const layerOf = new Map<string, string>()
  const apart = new Set<string>()
  for (const { name, entries } of layers) {
    const chunks = chunksOf(files, entries)
    for (const chunk of entries.includes(`${name}.js`) ? [`${name}.js`, ...chunks] : chunks)
      if (!layerOf.has(chunk) && !apart.has(chunk)) layerOf.set(chunk, `${name}.js`)
    const wanted = [...entries, ...chunks].flatMap(file => lateFiles(files, file))
    for (const chunk of chunksOf(files, wanted)) if (!layerOf.has(chunk)) apart.add(chunk)
  }
  return layerOf
}

function builtFiles(folder: string): Files {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(name =>
    name.endsWith('.js'),
  )
  return new Map(names.map(name => [name, readFileSync(join(folder, name), 'utf8')]))
}

/** What entries load at once. */
function chunksOf(files: Files, entries: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>()
  const visit = (name: string): void => {
    for (const [, , , path = ''] of (files.get(name) ?? '').matchAll(statement)) {
      const target = posix.join(posix.dirname(name), path)
      if (!isChunk(target) || found.has(target)) continue
      found.add(target)
      visit(target)
    }
  }
  for (const entry of entries) visit(entry)
  return found
}

/** What a file loads when it is wanted. */
function lateFiles(files: Files, name: string): readonly string[] {
  const calls = (files.get(name) ?? '').matchAll(/\bimport\(["'](\.[^"']+)["']\)/g)
  return [...calls].map(([, path = '']) => posix.join(posix.dirname(name), path))
}

/** One file with all exports of these chunks, under names that no two chunks have. */
async function joinOf(folder: string, files: Files, chunks: readonly string[]): Promise<string> {
  const contents = chunks.map(chunk => {
    const names = namesIn(exported.exec(files.get(chunk) ?? '')?.[1]).map(([, name]) => name)
    return `export { ${names.map(name => `${name} as ${nameFor(chunk, name)}`).join(', ')} } from './${chunk}'`
  })
  const onlyThese: Plugin = {
    name: 'only-these',
    setup: ({ onResolve }) => {
      onResolve({ filter: /.*/ }, ({ kind, path }) => {
        const isInside = kind === 'import-statement' && chunks.includes(posix.normalize(path))
        return isInside ? undefined : { path, external: true }
      })
    },
  }
  const { outputFiles } = await build({
    stdin: { contents: contents.join('\n'), resolveDir: folder },
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    plugins: [onlyThese],
    write: false,
  })
  return [...originsIn(files, chunks), outputFiles[0]?.text ?? ''].join('\n')
}

/** The lines that name what was taken from other packages, which joining leaves out. */
function originsIn(files: Files, chunks: readonly string[]): ReadonlySet<string> {
  const lines = chunks.flatMap(
    chunk => (files.get(chunk) ?? '').match(/^ *\/\/ \S*node_modules\/\S+$/gm) ?? [],
  )
  return new Set(lines.map(line => line.trim()))
}

/** Imports of chunks become imports of the layers that they are in. */
function redirected(name: string, code: string, layerOf: ReadonlyMap<string, string>): string {
  const here = posix.dirname(name)
  return code.replaceAll(statement, (whole, keyword: string, names: string | undefined, path: string) => {
    const chunk = posix.join(here, path)
    const layer = layerOf.get(chunk)
    if (layer === undefined) return whole
    const way = posix.relative(here, layer)
    // Built files have no side effects that anybody imports them for.
    if (names === undefined) return ''
    const from = `'${way.startsWith('.') ? way : `./${way}`}';`
    const list = namesIn(names).map(([given, as]) => `${nameFor(chunk, given)} as ${as}`)
    return `${keyword} { ${list.join(', ')} } from ${from}`
  })
}

/** The pairs of a list such as `a, b as c`. */
function namesIn(list = ''): readonly (readonly [string, string])[] {
  return list
    .split(',')
    .map(item => item.trim())
    .filter(item => item !== '')
    .map(item => {
      const [given = '', as = given] = item.split(' as ')
      return [given, as] as const
    })
}

function nameFor(file: string, name: string): string {
  return isChunk(file) ? `${name}_${posix.basename(file, '.js').replace('chunk-', '')}` : name
}

function isChunk(file: string): boolean {
  return posix.basename(file).startsWith('chunk-')
}
