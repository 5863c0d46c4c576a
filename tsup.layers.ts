/**
 * Joins the chunks of a built package. The bundler makes one for each set of entries that share code, dozens in all. Every
 * file that Node loads adds half a millisecond to the start of a process.
 */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { build, type Plugin } from 'esbuild'

/** Chunks that become one file, because a process that loads one of them loads most of them. */
export interface Layer {
  /** Name of its file. If it is that of an entry, the chunks go into the entry. */
  readonly name: string
  /** Built files. The layer is what they load at once and no layer before this one contains. */
  readonly entries: readonly string[]
}

type Files = ReadonlyMap<string, string>

/** As bundlers write it: `import { a, b as c } from './chunk-X.js';`, the same with `export`, or without names. */
const statement = /^(import|export) (?:\{([^}]*)\} from )?["'](\.[^"']+)["'];$/gm
const exported = /^export \{([^}]*)\};$/m

/** Layers are in the order in which processes need them. A layer imports only those before it. */
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

/** The layer of each chunk that is in one. What a layer loads on demand is in none: it would bring the rest of its layer with it. */
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

/** What a file loads on demand. */
function lateFiles(files: Files, name: string): readonly string[] {
  const calls = (files.get(name) ?? '').matchAll(/\bimport\(["'](\.[^"']+)["']\)/g)
  return [...calls].map(([, path = '']) => posix.join(posix.dirname(name), path))
}

/** One file with all exports of these chunks, under names that no two chunks share. */
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

/** The lines that name what came from other packages. Joining leaves them out. */
function originsIn(files: Files, chunks: readonly string[]): ReadonlySet<string> {
  const lines = chunks.flatMap(
    chunk => (files.get(chunk) ?? '').match(/^ *\/\/ \S*node_modules\/\S+$/gm) ?? [],
  )
  return new Set(lines.map(line => line.trim()))
}

/** Turns imports of chunks into imports of the layers that contain them. */
function redirected(name: string, code: string, layerOf: ReadonlyMap<string, string>): string {
  const here = posix.dirname(name)
  return code.replaceAll(statement, (whole, keyword: string, names: string | undefined, path: string) => {
    const chunk = posix.join(here, path)
    const layer = layerOf.get(chunk)
    if (layer === undefined) return whole
    const way = posix.relative(here, layer)
    // Nothing imports a built file for its side effects.
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
