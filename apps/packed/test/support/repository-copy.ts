/** What a release changes of this repository, in a folder of its own. */
import { cp, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type TemporaryDirectory, temporaryDirectory, testNode } from '@tunicorn/harness'
import { type Manifest, parseManifest } from './manifest.js'
import { runToEnd } from './run.js'

const root = fileURLToPath(new URL('../../../..', import.meta.url))
const changesets = join(root, 'node_modules/@changesets/cli/bin.js')

export class RepositoryCopy implements AsyncDisposable {
  readonly path: string
  readonly #directory: TemporaryDirectory

  private constructor(directory: TemporaryDirectory) {
    this.path = directory.path
    this.#directory = directory
  }

  /** `built`: with what is packed. */
  static async create({ built = false } = {}): Promise<RepositoryCopy> {
    const copy = new RepositoryCopy(await temporaryDirectory())
    const folders = await Promise.all(
      ['packages', 'apps'].map(async parent =>
        (await readdir(join(root, parent))).map(name => `${parent}/${name}`),
      ),
    )
    const names = built ? ['package.json', ...(await packedNames())] : ['package.json']
    const files = [
      'package.json',
      '.changeset',
      ...folders.flat().flatMap(folder => names.map(name => `${folder}/${name}`)),
    ]
    // A folder without a manifest is not a workspace.
    for (const file of files)
      await cp(join(root, file), join(copy.path, file), { recursive: true }).catch(() => {})
    // The change log names commits.
    await copy.#git('init', '--quiet')
    await copy.commit()
    return copy
  }

  /** All that has changed, if anything has: right after a release there is no changeset. */
  async commit(): Promise<void> {
    await this.#git('add', '--all')
    await this.#git(
      '-c',
      'user.name=Test',
      '-c',
      'user.email=test@localhost',
      'commit',
      '--allow-empty',
      '--quiet',
      '-m',
      'All',
    )
  }

  /** Turns the changesets into versions and change logs, as the release does. */
  async version(): Promise<void> {
    await runToEnd(testNode(), [changesets, 'version'], { cwd: this.path })
  }

  /** Publishes what the registry of this environment lacks, as the release does after the build. */
  async publish(env: Readonly<Record<string, string>>): Promise<string> {
    return runToEnd(testNode(), [changesets, 'publish'], { cwd: this.path, env })
  }

  /** The packages that a changeset asks to release as a new major. */
  async plannedMajors(): Promise<readonly string[]> {
    const files = await readdir(join(this.path, '.changeset'))
    const texts = await Promise.all(files.map(file => this.read(`.changeset/${file}`)))
    return texts.flatMap(text => [...text.matchAll(/^['"](.+)['"]: major$/gm)].map(match => match[1] ?? ''))
  }

  /** Manifests of the published packages, by their name. */
  async published(): Promise<ReadonlyMap<string, Manifest>> {
    const folders = await readdir(join(this.path, 'packages'))
    const manifests = await Promise.all(
      folders.map(async folder => parseManifest(await this.read(`packages/${folder}/package.json`))),
    )
    return new Map(
      manifests.filter(manifest => manifest.private !== true).map(manifest => [manifest.name, manifest]),
    )
  }

  read(file: string): Promise<string> {
    return readFile(join(this.path, file), 'utf8')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#directory[Symbol.asyncDispose]()
  }

  #git(...args: readonly string[]): Promise<string> {
    return runToEnd('git', args, { cwd: this.path })
  }
}

/** What the manifests of all packages name as their files, and what npm always adds. */
async function packedNames(): Promise<readonly string[]> {
  const folders = await readdir(join(root, 'packages'))
  const manifests = await Promise.all(
    folders.map(async folder =>
      parseManifest(await readFile(join(root, 'packages', folder, 'package.json'), 'utf8')),
    ),
  )
  return [
    ...new Set([
      'README.md',
      'LICENSE',
      ...manifests.flatMap(({ files }) => (Array.isArray(files) ? files : [])),
    ]),
  ]
}
