/** An empty project of a user, with packages installed by npm. */
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import {
  type RunningProcess,
  servingUrl,
  startProcess,
  temporaryDirectory,
  testNode,
} from '@tunicorn/harness'
import { inject } from 'vitest'
import { runToEnd } from './run.js'

export interface ProjectOptions {
  /** What to install, as a user would type it; one of our packages by its name alone. */
  readonly install: readonly string[]
  readonly files?: Readonly<Record<string, string>>
  /** The command and its first arguments. @default ['npm'] */
  readonly npm?: readonly string[]
  /** Registry of our packages. @default the one with all of them as they are now */
  readonly registry?: string
}

export class InstalledProject implements AsyncDisposable {
  readonly path: string
  readonly #dispose: () => PromiseLike<void>

  private constructor(path: string, dispose: () => PromiseLike<void>) {
    this.path = path
    this.#dispose = dispose
  }

  /** Rejects with what npm said when the install fails. */
  static async create({
    install,
    files = {},
    npm = ['npm'],
    registry,
  }: ProjectOptions): Promise<InstalledProject> {
    const directory = await temporaryDirectory()
    const project = new InstalledProject(directory.path, () => directory[Symbol.asyncDispose]())
    try {
      await project.write({
        'package.json': '{ "name": "app", "private": true, "type": "module" }',
        ...files,
      })
      await project.install(install, npm, registry)
    } catch (error) {
      await project[Symbol.asyncDispose]()
      throw error
    }
    return project
  }

  /** A folder that lies in another project; it goes with that one. */
  static at(path: string): InstalledProject {
    return new InstalledProject(path, async () => {})
  }

  async write(files: Readonly<Record<string, string>>): Promise<void> {
    for (const [name, content] of Object.entries(files)) {
      await mkdir(dirname(join(this.path, name)), { recursive: true })
      await writeFile(join(this.path, name), content)
    }
  }

  /** `npm install`, from npm's cache where it can. Resolves with what npm said. */
  async install(
    names: readonly string[],
    [npm = 'npm', ...first]: readonly string[] = ['npm'],
    registry: string = inject('registry'),
  ): Promise<string> {
    // A package without a scope would come from the public registry: its tarball stands for its name.
    const tarballs = inject('tarballs')
    const specifiers = names.map(name => (name.startsWith('@') ? name : (tarballs[name] ?? name)))
    const options = ['--prefer-offline', '--no-audit', '--no-fund', `--@tunicorn:registry=${registry}`]
    return runToEnd(npm, [...first, 'install', ...options, ...specifiers], {
      cwd: this.path,
      env: withoutNpm(),
    })
  }

  /** Starts the installed command, as `npx tunicorn` would, and resolves with the URL when it serves. */
  async serve(
    ...args: readonly string[]
  ): Promise<{ readonly url: string; readonly running: RunningProcess }> {
    const running = await startProcess(testNode(), [this.#command, ...args, '--bind', '127.0.0.1:0'], {
      cwd: this.path,
      env: withoutNpm(),
    })
    try {
      return { url: await servingUrl(running), running }
    } catch (error) {
      await running[Symbol.asyncDispose]()
      throw error
    }
  }

  /** Runs the installed command to its end and resolves with its output. */
  tunicorn(args: readonly string[], exitCode = 0): Promise<string> {
    return runToEnd(testNode(), [this.#command, ...args], { cwd: this.path, env: withoutNpm(), exitCode })
  }

  /** Runs a command in the project to its end and resolves with its output. */
  run(command: string, args: readonly string[]): Promise<string> {
    return runToEnd(command, args, { cwd: this.path, env: withoutNpm() })
  }

  /** Paths of every installed package below the project, for example `node_modules/express`. */
  async packages(): Promise<readonly string[]> {
    const lock: unknown = JSON.parse(
      await readFile(join(this.path, 'node_modules/.package-lock.json'), 'utf8'),
    )
    if (typeof lock !== 'object' || lock === null || !('packages' in lock))
      throw new TypeError('npm wrote no lock')
    return Object.keys({ ...Object(lock.packages) })
  }

  /** Size of `node_modules` in bytes, as the sum of its files. */
  async installedBytes(): Promise<number> {
    const folder = join(this.path, 'node_modules')
    const entries = await readdir(folder, { recursive: true, withFileTypes: true })
    const files = entries.filter(entry => entry.isFile())
    const sizes = await Promise.all(
      files.map(async file => (await stat(join(file.parentPath, file.name))).size),
    )
    return sizes.reduce((sum, size) => sum + size, 0)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#dispose()
  }

  get #command(): string {
    return join(this.path, 'node_modules/tunicorn/bin/tunicorn.js')
  }
}

/** What `npm test` of this repository sets must not reach the npm of a user's project. */
function withoutNpm(): Readonly<Record<string, undefined>> {
  const names = Object.keys(process.env).filter(name =>
    /^(?:npm_|INIT_CWD$|PORT$|WEB_CONCURRENCY$|TUNICORN_CMD_ARGS$)/i.test(name),
  )
  return Object.fromEntries(names.map(name => [name, undefined]))
}
