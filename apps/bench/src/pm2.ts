/** PM2 in a cache folder of its own: it is a peer to compare with, not a dependency. */
import { existsSync, mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { outputOf } from './command.js'
import { type Contender, serverFile } from './contender.js'
import { freePort } from './free-port.js'

const cache = fileURLToPath(new URL('../../../.cache/pm2', import.meta.url))

/** Two workers in PM2's cluster mode, or `undefined` when it cannot be installed. */
export async function findPm2(progress: (text: string) => void): Promise<Contender | undefined> {
  const runtime = `${cache}/node_modules/pm2/bin/pm2-runtime`
  if (!existsSync(runtime)) {
    progress('installing PM2 into .cache/pm2')
    mkdirSync(cache, { recursive: true })
    await outputOf('npm', 'install', '--prefix', cache, '--no-save', '--ignore-scripts', 'pm2')
  }
  if (!existsSync(runtime)) return undefined
  return {
    name: 'PM2 cluster mode',
    command: [process.execPath, runtime, 'start', serverFile('bare.mjs'), '-i', '2', '--raw'],
    env: { PM2_HOME: `${cache}/home`, BENCH_PORT: String(await freePort()) },
  }
}
