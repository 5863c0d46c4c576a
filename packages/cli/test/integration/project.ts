/** A project on disk, with the built packages of this repository linked into it. */
import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startTunicorn, temporaryDirectory } from '@tunicorn/harness'

export interface Project extends AsyncDisposable {
  readonly path: string
}

const packages: readonly (readonly [string, string])[] = [
  ['tunicorn', '../../'],
  ['@tunicorn/arbiter', '../../../arbiter/'],
  ['@tunicorn/worker-event-loop', '../../../worker-event-loop/'],
]

/** A project with an app and these files, where tunicorn and the worker class `event-loop` are installed. */
export async function createProject(files: Readonly<Record<string, string>> = {}): Promise<Project> {
  const { path, ...directory } = await temporaryDirectory()
  const all = { 'app.mjs': 'export default (req, res) => res.end()', ...files }
  for (const [name, content] of Object.entries(all)) {
    await mkdir(dirname(join(path, name)), { recursive: true })
    await writeFile(join(path, name), content)
  }
  await mkdir(join(path, 'node_modules/@tunicorn'), { recursive: true })
  for (const [name, target] of packages)
    await symlink(fileURLToPath(new URL(target, import.meta.url)), join(path, 'node_modules', name))
  return { path, [Symbol.asyncDispose]: () => directory[Symbol.asyncDispose]() }
}

export interface Ending {
  readonly code: number | null
  /** Standard output and standard error. */
  readonly output: string
}

/** Runs the built command in a project until it ends. */
export async function runToEnd(
  project: Project,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ending> {
  await using running = await startTunicorn({ args, cwd: project.path, env })
  const { code } = await running.exited
  return { code, output: running.output }
}
