/** Writes the module that a worker loads as its app: a fixture with the address of its stage. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { AppVariant } from './app-stage.js'

export interface AppModuleParts {
  readonly directory: string
  /** `file:` URL of the fixture. */
  readonly fixture: string
  readonly stagePath: string
  readonly variant: AppVariant
}

const stageUrl = new URL('./stage/app-stage.js', import.meta.url).href

/** Resolves with the `file:` URL of the module. */
export async function writeAppModule(parts: AppModuleParts): Promise<string> {
  const { directory, fixture, stagePath, variant } = parts
  return write(
    join(directory, 'app.mjs'),
    `import { connectStage } from ${JSON.stringify(stageUrl)}
const stage = await connectStage(${JSON.stringify(stagePath)})
const { default: createApp } = await import(${JSON.stringify(fixture)})
export default await createApp(stage, ${JSON.stringify(variant)})
`,
  )
}

/** A module that throws while it is imported. */
export async function writeBrokenModule(directory: string): Promise<string> {
  return write(join(directory, 'broken.mjs'), "throw new Error('this app is broken on purpose')\n")
}

async function write(path: string, text: string): Promise<string> {
  await writeFile(path, text)
  return pathToFileURL(path).href
}
