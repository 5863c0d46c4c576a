/** Tarballs of the packages, as `npm publish` would send them. */
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Manifest, parseManifest } from './manifest.js'
import { runToEnd } from './run.js'

const root = fileURLToPath(new URL('../../../..', import.meta.url))

/** Packs every package that is published. Resolves with the tarballs by the name of the package. */
export async function packWorkspaces(destination: string): Promise<Readonly<Record<string, string>>> {
  const folders = await readdir(join(root, 'packages'))
  const manifests = await Promise.all(
    folders.map(async folder =>
      parseManifest(await readFile(join(root, 'packages', folder, 'package.json'), 'utf8')),
    ),
  )
  const published = manifests.filter(manifest => manifest.private !== true)
  const chosen = published.flatMap(({ name }) => ['--workspace', name])
  await runToEnd('npm', ['pack', '--offline', '--pack-destination', destination, ...chosen], { cwd: root })
  return Object.fromEntries(published.map(manifest => [manifest.name, tarballOf(destination, manifest)]))
}

/** Packs a folder. Resolves with the tarball. */
export async function packFolder(folder: string, destination: string): Promise<string> {
  const manifest = parseManifest(await readFile(join(folder, 'package.json'), 'utf8'))
  await runToEnd('npm', ['pack', '--offline', '--pack-destination', destination], { cwd: folder })
  return tarballOf(destination, manifest)
}

/** The same package with another manifest, for example an older version. Resolves with the new tarball. */
export async function repack(
  tarball: string,
  change: (manifest: Manifest) => Manifest,
  destination: string,
): Promise<string> {
  await runToEnd('tar', ['-xzf', tarball, '-C', destination])
  const folder = join(destination, 'package')
  const file = join(folder, 'package.json')
  const manifest = change(parseManifest(await readFile(file, 'utf8')))
  await writeFile(file, JSON.stringify(manifest))
  return packFolder(folder, destination)
}

function tarballOf(destination: string, { name, version }: Manifest): string {
  return join(destination, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`)
}
