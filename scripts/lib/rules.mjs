/** Rules of this repository that no tool knows. Each returns its problems as text. */
import { existsSync, readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { circleProblems, mapProblems } from './direction.mjs'
import { importsOf } from './import-graph.mjs'
import { missingOptionals } from './lock-file.mjs'
import { testImportProblems } from './test-imports.mjs'
import { filesIn } from './workspaces.mjs'

const MAX_LINES = 300
const ARBITER = '@tunicorn/arbiter'
const CLI = 'tunicorn'

/** Which of our packages the source of a package may import, by folder. Worker classes: see `allowedImports`. */
const directions = new Map([
  ['packages/arbiter', []],
  ['packages/harness', []],
  ['packages/net', [ARBITER]],
  ['packages/http', [ARBITER, '@tunicorn/net']],
  ['packages/test-kit', [ARBITER]],
  ['packages/cli', [ARBITER]],
])

/** Libraries that belong to one package alone. */
const owners = new Map([
  ['piscina', 'packages/worker-thread-pool'],
  ['ws', 'packages/worker-asgi'],
])

export function repositoryProblems(root, workspaces) {
  const contributing = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8')
  const names = new Set(workspaces.map(({ manifest }) => manifest.name))
  return [
    ...workspaces.flatMap(workspace => dependencyProblems(workspace)),
    ...workspaces.flatMap(workspace => importProblems(workspace, names)),
    ...workspaces.flatMap(workspace => testImportProblems(workspace)),
    ...workspaces.flatMap(workspace => circleProblems(workspace)),
    ...workspaces.flatMap(workspace => mapProblems(workspace, contributing)),
    ...workspaces.flatMap(workspace => sizeProblems(workspace.path, 'src', '.ts', workspace.folder)),
    ...sizeProblems(root, 'scripts', '.mjs', ''),
    ...workspaces.flatMap(workspace => licenceProblems(root, workspace)),
    ...lockFileProblems(readFileSync(join(root, 'package-lock.json'), 'utf8')),
  ]
}

function dependencyProblems({ folder, manifest }) {
  const problems = []
  const { dependencies = {}, peerDependencies = {}, optionalDependencies = {} } = manifest
  const shipped = { ...dependencies, ...peerDependencies, ...optionalDependencies }
  // A package that is not published brings no dependencies to users.
  if (!folder.startsWith('packages/')) return problems
  for (const [library, owner] of owners) {
    if (library in shipped && folder !== owner)
      problems.push(`${folder} depends on ${library}: only ${owner} may`)
  }
  // As a development dependency, it only means that tests run the built command.
  if (CLI in shipped) problems.push(`${folder} depends on the command, ${CLI}`)
  if (!hasArbiterAsPeer(folder)) return problems
  if (ARBITER in dependencies)
    problems.push(`${folder} has ${ARBITER} in dependencies: it is a peer dependency`)
  if (!(ARBITER in peerDependencies)) problems.push(`${folder} lacks ${ARBITER} in peerDependencies`)
  return problems
}

/** npm puts only the licence in its own folder into a package. */
function licenceProblems(root, { folder, path, manifest }) {
  if (manifest.private === true) return []
  const [own, shared] = [join(path, 'LICENSE'), join(root, 'LICENSE')].map(file =>
    existsSync(file) ? readFileSync(file, 'utf8') : undefined,
  )
  return own === shared ? [] : [`${folder}/LICENSE is not a copy of LICENSE`]
}

function hasArbiterAsPeer(folder) {
  return /^packages\/(worker-.+|http|net|test-kit)$/.test(folder)
}

function importProblems({ folder, path, manifest }, names) {
  return ['src', 'test'].flatMap(part =>
    filesIn(path, part, '.ts').flatMap(file => {
      const specifiers = importsOf(readFileSync(join(path, file), 'utf8'))
      return specifiers
        .map(specifier => importProblem({ folder, path, manifest, file, names }, specifier))
        .filter(problem => problem !== undefined)
        .map(problem => `${folder}/${file} ${problem}`)
    }),
  )
}

function importProblem({ folder, path, manifest, file, names }, specifier) {
  if (specifier.startsWith('.')) {
    const target = relative(path, resolve(path, file, '..', specifier))
    return target.startsWith('..') ? `imports ${specifier}, outside of its package` : undefined
  }
  const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
  if (!names.has(name) || name === manifest.name) return undefined
  if (/\/(src|dist)\//.test(specifier)) return `imports ${specifier}, an inner file of another package`
  if (!folder.startsWith('packages/')) return undefined
  if (name === CLI) return `imports the command, ${CLI}`
  if (specifier === `${ARBITER}/internal` && folder !== 'packages/cli')
    return `imports ${specifier}, which changes with every version: only the command asks for this very one`
  if (!file.startsWith('src')) return undefined
  return allowedImports(folder).includes(name) ? undefined : `imports ${name}, against the package direction`
}

function allowedImports(folder) {
  if (/^packages\/worker-/.test(folder)) return [ARBITER, '@tunicorn/http', '@tunicorn/net']
  return directions.get(folder) ?? []
}

function sizeProblems(path, part, ending, folder) {
  return filesIn(path, part, ending)
    .map(file => ({ file, lines: readFileSync(join(path, file), 'utf8').split('\n').length - 1 }))
    .filter(({ lines }) => lines > MAX_LINES)
    .map(({ file, lines }) => `${join(folder, file)} has ${lines} lines: at most ${MAX_LINES}`)
}

/** A download address would tie everybody to the registry of the person who wrote the file. */
function lockFileProblems(text) {
  const count = text.match(/"resolved":\s*"https?:/g)?.length ?? 0
  const addresses =
    count === 0 ? [] : [`package-lock.json holds ${count} download addresses; npm reads .npmrc to omit them`]
  const missing = missingOptionals(JSON.parse(text)).map(
    ({ name, parent }) =>
      `package-lock.json lacks ${name} of ${parent}: \`npm ci\` would fail. Run: node scripts/complete-lock.mjs`,
  )
  return [...addresses, ...missing]
}
