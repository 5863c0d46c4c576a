/** Writes the package of a new worker class. */
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { packageNameOf, parseClassName, pascalCase } from './class-name.js'
import { CreateError } from './create-error.js'
import type { Language } from './language.js'
import { packageManifest } from './package-manifest.js'

export interface WorkerPackagePlan {
  /** Name of the class, with or without `tunicorn-worker-`: lower-case words joined by `-`. */
  readonly name: string
  readonly language: Language
  /** Absolute path of a folder that is empty or does not exist. */
  readonly folder: string
}

const templates = fileURLToPath(new URL('../templates/', import.meta.url))

/** Git and npm give some file names a meaning, so these files have other names in this package. */
const renamed: ReadonlyMap<string, string> = new Map([['gitignore', '.gitignore']])

/**
 * Writes all files of the package. The plan is checked before anything is written.
 *
 * @throws CreateError when the name is not valid or the folder is not empty
 */
export async function createWorkerPackage({ name, language, folder }: WorkerPackagePlan): Promise<void> {
  const className = parseClassName(name)
  await requireEmpty(folder)
  await mkdir(folder, { recursive: true })
  for (const template of ['common', language])
    await copyTemplate(join(templates, template), folder, className)
  const manifest = `${JSON.stringify(packageManifest(className, language), undefined, 2)}\n`
  await writeFile(join(folder, 'package.json'), manifest)
}

/** A new Git repository counts as empty. */
async function requireEmpty(folder: string): Promise<void> {
  const found = await stat(folder).catch(() => undefined)
  if (found === undefined) return
  if (!found.isDirectory()) throw new CreateError(`${folder} is there already, and is not a folder`)
  const entries = (await readdir(folder)).filter(entry => entry !== '.git')
  if (entries.length > 0)
    throw new CreateError(
      `The folder ${folder} is not empty: it has ${entries.slice(0, 3).join(', ')}. Choose another with \`--folder\``,
    )
}

async function copyTemplate(template: string, folder: string, className: string): Promise<void> {
  const entries = await readdir(template, { recursive: true, withFileTypes: true })
  for (const entry of entries.filter(each => each.isFile())) {
    const source = join(entry.parentPath, entry.name)
    const target = join(folder, relative(template, entry.parentPath), targetName(entry.name, className))
    await mkdir(dirname(target), { recursive: true })
    await writeFile(target, fill(await readFile(source, 'utf8'), className))
  }
}

function targetName(file: string, className: string): string {
  return renamed.get(file) ?? fill(file, className)
}

/** The templates are a worker class named `my-class`. */
function fill(text: string, className: string): string {
  return text
    .replaceAll('tunicorn-worker-my-class', packageNameOf(className))
    .replaceAll('my-class', className)
    .replaceAll('MyClass', pascalCase(className))
}
