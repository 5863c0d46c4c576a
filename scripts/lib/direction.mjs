/** Imports point one way: from file to file, from folder to folder, and in the arbiter as CONTRIBUTING.md shows it. */
import { folderGraph, importGraph, shortestCycle } from './import-graph.mjs'

/** Types count as well: to read one file, you need the other. */
export function circleProblems({ folder, path }) {
  const graph = importGraph(path)
  const circle = shortestCycle(graph.keys(), file => graph.get(file))
  const ofFiles = circle ? [`${folder}: files import each other in a circle: ${circle.join(' -> ')}`] : []
  const folders = folderGraph(graph)
  const way = shortestCycle(folders.keys(), name => folders.get(name).keys())
  if (way === undefined) return ofFiles
  const steps = way.slice(1).map((name, index) => described(folders.get(way[index]).get(name)))
  return [...ofFiles, `${folder}: folders import each other in a circle: ${steps.join(', ')}`]
}

/** The map in CONTRIBUTING.md names every folder of the arbiter once, above every folder that it imports. */
export function mapProblems({ folder, path }, contributing) {
  if (folder !== 'packages/arbiter') return []
  const places = [...contributing.matchAll(/^\| `(src(?:\/[\w-]+)?)\/`/gm)].map(match => match[1])
  const folders = folderGraph(importGraph(path))
  const absent = [...folders.keys()].filter(name => !places.includes(name)).map(name => `${name} is missing`)
  const surplus = places
    .filter((name, index) => !folders.has(name) || places.indexOf(name) !== index)
    .map(name => `${name} is not there, or named twice`)
  const upward = [...folders].flatMap(([name, targets]) =>
    [...targets]
      .filter(([target]) => places.includes(target) && places.indexOf(target) < places.indexOf(name))
      .map(([target, step]) => `${name} has to stand above ${target}: ${described(step)}`),
  )
  return [...absent, ...surplus, ...upward].map(problem => `CONTRIBUTING.md, map of the arbiter: ${problem}`)
}

function described({ file, target }) {
  return `${file} imports ${target}`
}
