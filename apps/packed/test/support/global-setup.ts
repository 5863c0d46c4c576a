/** Packs every package once and serves the tarballs, as npm's registry would, to all test files. */
import { temporaryDirectory } from '@tunicorn/harness'
import type { TestProject } from 'vitest/node'
import { packWorkspaces } from './pack.js'
import { startRegistry } from './registry.js'

declare module 'vitest' {
  interface ProvidedContext {
    /** The registry that has our packages. */
    readonly registry: string
    /** Absolute paths of the tarballs by the name of the package. */
    readonly tarballs: Readonly<Record<string, string>>
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const directory = await temporaryDirectory()
  const tarballs = await packWorkspaces(directory.path)
  const registry = await startRegistry(Object.values(tarballs))
  project.provide('registry', registry.url)
  project.provide('tarballs', tarballs)
  return async () => {
    await registry[Symbol.asyncDispose]()
    await directory[Symbol.asyncDispose]()
  }
}
