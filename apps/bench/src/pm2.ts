import { type Contender, serverFile } from './contender.js'
import { freePort } from './free-port.js'
import { npmPeer } from './npm-peer.js'

/** Two workers in PM2's cluster mode, or `undefined` when it cannot be installed. */
export async function findPm2(progress: (text: string) => void): Promise<Contender | undefined> {
  const folder = await npmPeer('pm2', ['pm2'], progress)
  if (folder === undefined) return undefined
  const runtime = `${folder}/node_modules/pm2/bin/pm2-runtime`
  return {
    name: 'PM2 cluster mode',
    command: [process.execPath, runtime, 'start', serverFile('bare.mjs'), '-i', '2', '--raw'],
    env: { PM2_HOME: `${folder}/home`, BENCH_PORT: String(await freePort()) },
  }
}
