/** A project on disk: the files that a test needs, with worker classes as installed packages. */
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { temporaryDirectory } from '@tunicorn/harness'

export interface Project extends AsyncDisposable {
  readonly path: string
  write(files: Readonly<Record<string, string>>): Promise<void>
}

/** Writes `files`, by path, into a directory of its own. */
export async function createProject(files: Readonly<Record<string, string>> = {}): Promise<Project> {
  const directory = await temporaryDirectory()
  const write = async (more: Readonly<Record<string, string>>): Promise<void> => {
    for (const [name, content] of Object.entries(more)) {
      const file = join(directory.path, name)
      await mkdir(dirname(file), { recursive: true })
      await writeFile(file, content)
    }
  }
  await write(files)
  return { path: directory.path, write, [Symbol.asyncDispose]: () => directory[Symbol.asyncDispose]() }
}

/** Source of a worker class. `members` are added to its object. */
export function workerClassSource(name: string, members = ''): string {
  return `export default {
    contract: 1,
    name: '${name}',
    capabilities: {
      appKinds: ['node', 'fetch'], concurrency: 'multiple', heartbeat: 'host',
      keepAlive: true, streaming: true, upgrade: true, lifespan: false,
    },
    create() { throw new Error('the arbiter creates no worker') },
    ${members}
  }`
}

/** The files of a package that only exports to `import`. */
export function esmPackage(name: string, source: string): Record<string, string> {
  return {
    [`node_modules/${name}/package.json`]: JSON.stringify({
      name,
      type: 'module',
      exports: { '.': { types: './dist/index.d.ts', import: './dist/index.js' } },
    }),
    [`node_modules/${name}/dist/index.js`]: source,
  }
}

/** A project with an app and the worker class `event-loop`. */
export function plainProject(files: Readonly<Record<string, string>> = {}): Promise<Project> {
  return createProject({
    'app.js': 'export default (req, res) => res.end()',
    ...esmPackage('@tunicorn/worker-event-loop', workerClassSource('event-loop')),
    ...files,
  })
}
