/** Apps with what they need, in the cache of this repository: an install is done again only when the lock file changed. */
import { createHash } from 'node:crypto'
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startProcess, testNode } from '@tunicorn/harness'

const root = fileURLToPath(new URL('../../../../', import.meta.url))
const apps = join(root, 'apps/frameworks')
const cache = join(root, '.cache/frameworks')
const packages = [
  'tunicorn',
  '@tunicorn/arbiter',
  '@tunicorn/net',
  '@tunicorn/http',
  '@tunicorn/worker-event-loop',
]

/** Packs what is served with, as `npm publish` would. Resolves with the tarballs. */
export async function pack(): Promise<readonly string[]> {
  const folder = join(cache, 'tarballs')
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  const chosen = packages.flatMap(name => ['--workspace', name])
  await run('npm', ['pack', '--offline', '--pack-destination', folder, ...chosen], root)
  return (await readdir(folder)).map(name => join(folder, name))
}

/** Resolves with the folder that has the app, or the apps, of `name` and all they need. */
export async function install(name: string, tarballs: readonly string[]): Promise<string> {
  const target = join(cache, name)
  const lock = await readFile(join(apps, name, 'package-lock.json'), 'utf8')
  // Written when the install was whole.
  const stamp = join(target, '.installed')
  const isInstalled = (await readFile(stamp, 'utf8').catch(() => '')) === lock
  await cp(join(apps, name), target, { recursive: true })
  const options = ['--prefer-offline', '--no-audit', '--no-fund', '--loglevel', 'error']
  if (!isInstalled) await run('npm', ['ci', ...options], target)
  await run('npm', ['install', '--no-save', '--ignore-scripts', ...options, ...tarballs], target)
  await writeFile(stamp, lock)
  return target
}

/** Builds an app that was installed, when it is another one than at the last time. */
export async function build(name: string, folder: string): Promise<void> {
  const files = await readdir(join(apps, name), { recursive: true, withFileTypes: true })
  const hash = createHash('sha256')
  for (const file of files.filter(file => file.isFile()))
    hash.update(file.name).update(await readFile(join(file.parentPath, file.name)))
  const digest = hash.digest('hex')
  const stamp = join(folder, '.built')
  if ((await readFile(stamp, 'utf8').catch(() => '')) === digest) return
  await run('npm', ['run', 'build'], folder)
  await writeFile(stamp, digest)
}

/** Runs a command to its end. Rejects with its output when it fails. */
async function run(command: string, args: readonly string[], cwd: string): Promise<void> {
  const inherited = Object.keys(process.env).filter(name => /^(?:npm_|INIT_CWD$)/i.test(name))
  const quiet = { NEXT_TELEMETRY_DISABLED: '1', ASTRO_TELEMETRY_DISABLED: '1' }
  const env = { ...Object.fromEntries(inherited.map(name => [name, undefined])), ...quiet }
  await using running = await startProcess(command, args, { cwd, env })
  const { code } = await running.closed
  if (code !== 0) throw new Error(`\`${command} ${args.join(' ')}\` failed:\n${running.output}`)
}

/** The command that was installed into `project`, as `npx tunicorn` finds it. */
export function commandIn(project: string): readonly [string, string] {
  return [testNode(), join(project, 'node_modules/tunicorn/bin/tunicorn.js')]
}
