/** What imports what within a package, types included, and where imports form a circle. */
import { readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import ts from 'typescript'
import { filesIn } from './workspaces.mjs'

/** The specifiers that a file imports: statically, dynamically, for a type, or to re-export. */
export function importsOf(source) {
  return ts.preProcessFile(source, true, true).importedFiles.map(({ fileName }) => fileName)
}

/** For each file of `src`, the files of `src` that it imports. */
export function importGraph(path) {
  const files = filesIn(path, 'src', '.ts')
  return new Map(
    files.map(file => {
      const specifiers = importsOf(readFileSync(join(path, file), 'utf8'))
      const targets = specifiers
        .filter(specifier => specifier.startsWith('.'))
        .map(specifier => posix.join(file, '..', specifier).replace(/\.js$/, '.ts'))
      return [file, [...new Set(targets)].filter(target => files.includes(target))]
    }),
  )
}

/** `src/config` for everything below it, and `src` for the files next to such folders. */
function folderOf(file) {
  return file.split('/').slice(0, -1).slice(0, 2).join('/')
}

/** Imports between folders: for each folder, the others that it imports, each with one such import. */
export function folderGraph(graph) {
  const folders = new Map()
  for (const [file, targets] of graph) {
    const folder = folderOf(file)
    if (!folders.has(folder)) folders.set(folder, new Map())
    for (const target of targets)
      if (folderOf(target) !== folder) folders.get(folder).set(folderOf(target), { file, target })
  }
  return folders
}

/** The shortest cycle, with its first member at the end as well, or `undefined` if there is none. */
export function shortestCycle(nodes, next) {
  let shortest
  for (const start of nodes) {
    const cycle = wayBack(start, next)
    if (cycle !== undefined && (shortest === undefined || cycle.length < shortest.length)) shortest = cycle
  }
  return shortest
}

/** Searches breadth first, so that the first way it finds is the shortest. */
function wayBack(start, next) {
  const seen = new Set()
  let ways = [[start]]
  while (ways.length > 0) {
    const longer = []
    for (const way of ways)
      for (const node of next(way.at(-1))) {
        if (node === start) return [...way, start]
        if (seen.has(node)) continue
        seen.add(node)
        longer.push([...way, node])
      }
    ways = longer
  }
  return undefined
}
