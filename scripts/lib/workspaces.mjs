/** The workspaces of this repository, read from disk. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))

/** Every package of `packages/*` and `apps/*`: `{ folder: 'packages/http', path, manifest }`. */
export function workspaces() {
  return ['packages', 'apps'].flatMap(parent =>
    readdirSync(join(root, parent), { withFileTypes: true })
      .map(entry => `${parent}/${entry.name}`)
      .filter(folder => existsSync(join(root, folder, 'package.json')))
      .sort()
      .map(folder => {
        const path = join(root, folder)
        return { folder, path, manifest: JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')) }
      }),
  )
}

/** Files below `path/sub` whose name ends in `ending`, relative to `path`; none when there is no such folder. */
export function filesIn(path, sub, ending) {
  if (!existsSync(join(path, sub))) return []
  return readdirSync(join(path, sub), { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && entry.name.endsWith(ending))
    .map(entry => relative(path, join(entry.parentPath, entry.name)))
    .filter(file => !file.includes('node_modules/'))
    .sort()
}

/** Test files, relative to the package. */
export function testFiles({ path }) {
  return filesIn(path, 'test', '.test.ts')
}

/**
 * The task of `turbo.json` that runs a test file, by its folder. `test/long` has tests that take too long for `npm test`;
 * `test/soak` and `test/unit/soak` have tests that repeat or last.
 */
export function taskOf(file) {
  if (file.startsWith('test/long/')) return 'test:long'
  return /^test\/(unit\/)?soak\//.test(file) ? 'test:soak' : 'test'
}
