/** Peers from npm, each in a cache folder of its own. They are for comparison and are not dependencies. */
import { existsSync, mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { outputOf } from './command.js'

/** The folder in which these packages are installed, or `undefined` when they cannot be. */
export async function npmPeer(
  name: string,
  packages: readonly string[],
  progress: (text: string) => void,
): Promise<string | undefined> {
  const folder = fileURLToPath(new URL(`../../../.cache/${name}`, import.meta.url))
  const isInstalled = (): boolean => packages.every(each => existsSync(`${folder}/node_modules/${each}`))
  if (!isInstalled()) {
    progress(`installing ${packages.join(' and ')} into .cache/${name}`)
    mkdirSync(folder, { recursive: true })
    await outputOf('npm', 'install', '--prefix', folder, '--no-save', '--ignore-scripts', ...packages)
  }
  return isInstalled() ? folder : undefined
}
